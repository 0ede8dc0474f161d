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
import { proxies } from "../../lib/doors/visitor";
import { openMarket } from "../market";
import { freePort } from "../started";
import { signedIn } from "./signed-in";

export type Product = Awaited<ReturnType<typeof openProduct>>;

/** A market that stands still, with the pages in front of it: the start command's own server, on a clock that can be told to leap. */
export async function openProduct() {
	const folder = await mkdtemp(join(tmpdir(), "exchange-guard-"));
	await buildPages(folder, new AbortController().signal, () => {});
	const market = await openMarket();
	const [host, port] = ["127.0.0.1", await freePort()] as const;
	const url = `http://${host}:${port}`;
	const house = Object.assign(market.house, {
		tell: (_: string, line: string, detail?: unknown) => void market.told.push({ line, detail }),
		proxies: proxies([host]),
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
		signedIn: (who: Key) => signedIn(url, who),
		async close() {
			await serving.close();
			await close();
			await market.close();
			await rm(folder, { recursive: true });
		},
	};
}
