import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Key } from "../../lib/client/compose";
import { agents } from "../../lib/doors/agents";
import { api } from "../../lib/doors/api";
import { buildPages } from "../../lib/doors/build";
import { Measures } from "../../lib/doors/health";
import { share } from "../../lib/doors/opened";
import { openPages } from "../../lib/doors/pages";
import { questions } from "../../lib/doors/questions";
import { serve } from "../../lib/doors/serve";
import { sign, signedBytes } from "../../lib/log/sign";
import { type Market, openMarket } from "../market";
import { freePort } from "../started";

export type Product = Awaited<ReturnType<typeof openProduct>>;

/** A market that stands still, with the pages in front of it: the start command's own server, on a clock that can be told to leap. */
export async function openProduct() {
	const folder = await mkdtemp(join(tmpdir(), "exchange-guard-"));
	await buildPages(folder, new AbortController().signal, () => {});
	const market = await openMarket();
	const [host, port] = ["127.0.0.1", await freePort()];
	const url = `http://${host}:${port}`;
	const house = Object.assign(market.house, {
		tell: (_: string, line: string, detail?: unknown) => void market.told.push({ line, detail }),
	});
	const [asked, measures] = [questions(house), new Measures(house)];
	const app = api(house, asked, measures);
	const listener = agents(house, app, measures);
	share({
		...{ house, questions: asked, api: app, agents: listener, publicUrl: url },
		close: async () => {},
		readBehind() {},
	});
	const { pages, close } = await openPages({ host, port });
	const serving = await serve({ host, port, publicUrl: url, agents: listener, pages });

	return {
		market,
		url,
		port,
		app,
		/** As it stands: no redirect is followed. */
		ask: (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: "manual", ...init }),
		signedIn: (who: Key) => signedIn(url, market, who),
		async close() {
			await serving.close();
			await close();
			await market.close();
			await rm(folder, { recursive: true });
		},
	};
}

/** How a browser and how an agent show who asks: the cookie of a sign-in, and a bearer token. */
async function signedIn(url: string, market: Market, { key, secret }: Key) {
	const json = async (path: string, init?: RequestInit) => (await fetch(`${url}${path}`, init)).json();
	const asked = await json("/api/session/challenge", {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify({ key }),
	});
	const signature = sign(secret, signedBytes("session", market.house.key, asked.nonce));
	const csrf = await fetch(`${url}/api/auth/csrf`);
	const { csrfToken } = await csrf.json();
	const answer = await fetch(`${url}/api/auth/callback/key`, {
		method: "POST",
		redirect: "manual",
		headers: { Origin: url, Cookie: cookiesOf(csrf), "Content-Type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({ csrfToken, key, nonce: asked.nonce, signature, json: "true" }),
	});
	return { Cookie: cookiesOf(answer), ...(await market.session({ key, secret })) };
}

function cookiesOf(answer: Response): string {
	return answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");
}
