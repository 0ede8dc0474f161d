import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { agents } from "../../lib/doors/agents";
import { api } from "../../lib/doors/api";
import { Measures } from "../../lib/doors/health";
import { proxies } from "../../lib/doors/visitor";
import { type Market, openMarket } from "../market";
import { type Asking, proof, type Reader, readers } from "./readers";
import { type Things, things } from "./things";

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** A request as it goes out. */
export interface Request {
	method: string;
	path: string;
	headers?: Record<string, string>;
	body?: string;
}

export interface Answer {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
	/** Status, code, and which words that are not for everybody it holds. */
	cell: string;
}

/** The door for agents as it stands in front of the pages, a week at the market behind it, and everybody who may ask. */
export async function openDoor() {
	const market = await openMarket();
	const week = await things(market);
	const asking = await readers(market, week);
	// Behind a proxy, so that everybody comes from an address of his own: limits by address are another question.
	const house = { ...market.house, proxies: proxies(["127.0.0.1"])! };
	const measures = new Measures(house);
	const server = createServer(agents(house, api(house, undefined, measures), measures));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const { sql } = house;
	let visitors = 0;

	return {
		...{ market, asking, ask, asks, requestOf, kept },
		async close() {
			server.closeAllConnections();
			server.close();
			await market.close();
		},
	};

	/** What the request that a row names is answered, sent by this reader. */
	async function asks(row: string, reader: Reader): Promise<Answer> {
		return ask(await requestOf(row, reader));
	}

	/** As it stands: fetch would tidy the address first. A stream is read up to the head. */
	async function ask({ method, path, headers, body }: Request): Promise<Answer> {
		const ends = path.includes("/stream") && method === "GET" ? `id: ${await head()}\n` : "";
		const from = `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors++ & 255}`;
		return new Promise((resolve, reject) => {
			const out = request(
				{ port, host: "127.0.0.1", method, path, headers: { "X-Forwarded-For": from, ...headers } },
				(answer) => {
					let text = "";
					const done = () => {
						const { statusCode: status = 0, headers } = answer;
						resolve({ status, headers, text, cell: cellOf(status, text, week.words) });
					};
					answer.setEncoding("utf8");
					answer.on("data", (part) => {
						text += part;
						if (ends === "" || !text.includes(ends)) return;
						done();
						out.destroy();
					});
					answer.on("end", done);
				},
			);
			out.on("error", reject);
			out.end(body);
		});
	}

	async function head(): Promise<number> {
		const [row] = await sql`select seq from head`;
		return Number(row!.seq);
	}

	/** Everything that a request can have changed. */
	async function kept(): Promise<Record<string, number>> {
		const [row] = await sql`select
			(select count(*) from messages) as messages, (select count(*) from sessions) as sessions,
			(select count(*) from nonces) as nonces, (select count(*) from drafts where not aside) as drafts`;
		return Object.fromEntries(Object.entries(row!).map(([name, count]) => [name, Number(count)]));
	}

	/** The request that a row names, as this reader sends it. */
	async function requestOf(row: string, reader: Reader): Promise<Request> {
		const [, method, address] = /^([A-Z]+) ([^,]+)/.exec(row) as unknown as [string, string, string];
		let path = address;
		for (const [hole, name] of [...address.matchAll(/\{\w+: ([^}]+)\}/g)] as unknown as [string, string][])
			path = path.replace(hole, await thing(name));
		const { headers, body } = (await SENT[row]?.({ market, things: week, asking, reader })) ?? {};
		return { method, path, headers: { ...asking.headers[reader], ...headers }, body };
	}

	async function thing(name: string): Promise<string> {
		if (name === "a draft") return week.draft();
		if (name === "the head") return `${await head()}`;
		return week.ids[name] ?? name;
	}
}

function cellOf(status: number, text: string, words: Things["words"]): string {
	const [, code] = status < 400 ? [] : (/"code":"([a-z-]+)"/.exec(text) ?? []);
	const shown = Object.entries(words).flatMap(([name, word]) => (text.search(word) < 0 ? [] : [name]));
	return [code ? `${status} ${code}` : `${status}`, ...shown].sort().join(" · ");
}

type Sent = Pick<Request, "headers" | "body">;

const JSON_ = { "Content-Type": "application/json" };
const LINES = { "Content-Type": "application/x-ndjson" };

/** What a row's request brings besides its address. */
const SENT: Record<
	string,
	(by: { market: Market; things: Things; asking: Asking; reader: Reader }) => Sent | Promise<Sent>
> = {
	"GET /api/messages, as lines": () => ({ headers: { Accept: "application/x-ndjson" } }),
	"POST /api/messages": ({ market }) => ({
		headers: JSON_,
		body: JSON.stringify(market.agent().says("agent:profile", { name: "Ada" })),
	}),
	"POST /api/messages, the accept again": ({ things }) => ({
		headers: JSON_,
		body: JSON.stringify(things.accept),
	}),
	"POST /api/messages, as lines": ({ market, things }) => ({
		headers: LINES,
		body: [things.accept, market.agent().says("agent:profile")].map((one) => JSON.stringify(one)).join("\n"),
	}),
	"POST /api/messages/dry-run": ({ market, things }) => {
		const payload = { recipient: things.agents["the buyer"].key, amount: 5, reference: "a dry run" };
		const draft = { sender: market.operator.key, tags: ["scrip:mint"], payload, antecedents: [] };
		return { headers: JSON_, body: JSON.stringify(draft) };
	},
	"POST /api/session/challenge": ({ market }) => ({
		headers: JSON_,
		body: JSON.stringify({ key: market.agent().key }),
	}),
	"POST /api/session": async ({ market }) => ({
		headers: JSON_,
		body: JSON.stringify(await proof(market, market.agent())),
	}),
	"POST /api/board/read": () => ({ headers: { "Content-Type": "text/plain" }, body: "OFFER: a CPU" }),
	"POST /api/operator/claim": () => ({ headers: JSON_, body: JSON.stringify({ token: "none" }) }),
	// It is over afterwards: each time another one.
	"DELETE /api/session": async ({ asking, reader }) => ({ headers: await asking.signsIn(reader) }),
};
