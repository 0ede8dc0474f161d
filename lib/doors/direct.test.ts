import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agents } from "./agents";
import { api } from "./api";
import { opened, type Visit } from "./given";
import { Measures } from "./health";

let visit: Visit;
let server: Server;
let port: number;

beforeAll(async () => {
	visit = await opened({ embedder: "lexical" });
	const measures = new Measures(visit.house);
	server = createServer(agents(visit.house, api(visit.house, undefined, measures), measures));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await visit.close();
});

const post = (body: string, headers: Record<string, string> = {}) =>
	fetch(`http://127.0.0.1:${port}/api/messages`, {
		method: "POST",
		headers: { "Content-Type": "application/json", ...headers },
		body,
	});
const seen = async (response: Response) => {
	const own = /^(connection|keep-alive|date|content-length|transfer-encoding)$/;
	const headers = [...response.headers].filter(([name]) => !own.test(name)).sort();
	return { status: response.status, headers, body: await response.text() };
};

describe("a message that comes the short way", () => {
	test("is recorded, and read by everybody", async () => {
		const message = visit.agent().says("agent:profile", { name: "Ada" });
		const answer = await post(JSON.stringify(message));
		expect(answer.status).toBe(201);
		expect(answer.headers.get("RateLimit")).toMatch(/^"/);
		const { message: recorded } = await answer.json();
		expect(recorded.id).toBe(message.id);
		expect((await visit.get(`/api/messages/${message.id}`)).status).toBe(200);
	});

	test("is answered word for word as by the API, whatever is wrong with it", async () => {
		const ada = visit.agent();
		const message = ada.says("agent:profile", { name: "Ada" });
		await post(JSON.stringify(message));
		const bodies: Record<string, string> = {
			"a replay": JSON.stringify(message),
			"no JSON": "{",
			"no UTF-8 text": "\ud800",
			"nothing at all": "",
			"no message": "{}",
			"another's id": JSON.stringify({ ...message, payload: { name: "Eve" } }),
			"a field too many": JSON.stringify(ada.says("agent:profile", { name: "Ada", more: 1 })),
			"another's signature": JSON.stringify({ ...message, signature: "0".repeat(128) }),
			"no such antecedent": JSON.stringify(
				ada.says("exchange:settle/complete", {}, { antecedent: "0".repeat(64) }),
			),
			"an old one": JSON.stringify(ada.says("agent:profile", {}, { at: new Date(Date.now() - 400_000) })),
		};
		for (const [what, body] of Object.entries(bodies)) {
			const headers: Record<string, string> = { Prefer: "wait=0" };
			const [short, long] = [
				await seen(await post(body, headers)),
				await seen(await visit.post(body, headers)),
			];
			// What each try costs its sender is counted down between the two.
			const level = ({ headers, ...rest }: typeof short) => ({
				...rest,
				headers: headers.filter(([name]) => !name.startsWith("ratelimit")),
				names: headers.map(([name]) => name),
			});
			expect({ what, ...level(short) }).toEqual({ what, ...level(long) });
		}
	});

	test("waits for the exchange's answer as long as it is asked to", async () => {
		const put = visit.agent().says("exchange:put", {
			description: "How to bake bread at home",
			content: "Flour, water, salt and a night of patience.",
			token_cost: 400,
			content_type: "other",
		});
		const { replies } = await (await post(JSON.stringify(put), { Prefer: "wait=20" })).json();
		expect(replies.map(({ payload }: { payload: { phase: string } }) => payload.phase)).toEqual([
			"put-accept",
		]);
	});

	test("that breaks off half way is nobody's failure, and the next one is served", async () => {
		const before = visit.told.length;
		const half = connect(port, "127.0.0.1");
		half.write(
			'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"id":',
		);
		await new Promise((resolve) => half.write(" ", resolve));
		half.destroy();
		const message = visit.agent().says("agent:profile", { name: "Bo" });
		expect((await post(JSON.stringify(message))).status).toBe(201);
		expect(visit.told).toHaveLength(before);
	});
});
