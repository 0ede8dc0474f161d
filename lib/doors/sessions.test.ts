import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sign, signedBytes } from "../log/sign";
import { offerClaim } from "./found";
import { opened, type Visit } from "./given";

let visit: Visit;
let ahead = 0;
beforeAll(async () => {
	visit = await opened({ now: () => Date.now() + ahead });
});
afterAll(() => visit.close());

/** As if a minute had passed for the limits by address, which run on the machine's own clock. */
const MINUTE = 60_000;

async function challenge(key: string): Promise<string> {
	// Asked of the table, so that this file is not held up by the limit it tests elsewhere.
	const nonce = sign("0".repeat(63) + (nonces++ % 10), signedBytes("session", key, nonces)).slice(0, 64);
	await visit.house
		.sql`insert into nonces (nonce, key, expires_at) values (${nonce}, ${key}, ${visit.house.now() + 5 * MINUTE})`;
	return nonce;
}
let nonces = 0;

const open = (key: string, nonce: string, signature: string) =>
	visit.post({ key, nonce, signature }, { path: "/api/session" });
const signed = (agent: { secret: string }, nonce: string, exchange = visit.house.key) =>
	sign(agent.secret, signedBytes("session", exchange, nonce));

describe("a session", () => {
	test("is opened by signing a nonce, shows whose it is, and ends when it is told to", async () => {
		const ada = visit.agent();
		const asked = await visit.post({ key: ada.key }, { path: "/api/session/challenge" });
		expect(asked.status).toBe(200);
		const { nonce, expires_at } = await asked.json();
		expect(Date.parse(expires_at) - visit.house.now()).toBeGreaterThan(4 * MINUTE);

		const answer = await open(ada.key, nonce, signed(ada, nonce));
		expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([201, "no-store"]);
		const { token, agent } = await answer.json();
		expect(agent).toBe(ada.key);

		const headers = { Authorization: `Bearer ${token}` };
		const ledger = () => visit.get(`/api/agents/${ada.key}/ledger`, headers);
		expect((await ledger()).status).toBe(200);
		expect((await visit.app.request("/api/session", { method: "DELETE", headers })).status).toBe(204);
		expect([(await ledger()).status, (await (await ledger()).json()).code]).toEqual([401, "no-session"]);
	});

	test("takes a nonce once, from its own key, for this exchange, within five minutes", async () => {
		const [ada, eve] = [visit.agent(), visit.agent()];
		const refused = async (answer: Response | Promise<Response>) => {
			const { status } = await answer;
			return status === 401;
		};
		const own = await challenge(ada.key);
		expect(await refused(open(eve.key, own, signed(eve, own)))).toBe(true);
		expect(await refused(open(ada.key, own, signed(ada, own, eve.key)))).toBe(true);
		// The wrong attempt has spent it.
		expect(await refused(open(ada.key, own, signed(ada, own)))).toBe(true);

		const raced = await challenge(ada.key);
		const racing = await Promise.all([1, 2, 3, 4].map(() => open(ada.key, raced, signed(ada, raced))));
		expect(racing.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);

		const late = await challenge(ada.key);
		ahead += 5 * MINUTE;
		expect(await refused(open(ada.key, late, signed(ada, late)))).toBe(true);
	});

	test("ends after twelve hours, and a token that is none is refused rather than passed over", async () => {
		const ada = visit.agent();
		const nonce = await challenge(ada.key);
		const { token } = await (await open(ada.key, nonce, signed(ada, nonce))).json();
		const headers = { Authorization: `Bearer ${token}` };
		const read = (headers: Record<string, string>) => visit.get(`/api/messages/${"0".repeat(64)}`, headers);
		expect((await read(headers)).status).toBe(404);
		ahead += 12 * 60 * MINUTE;
		expect((await read(headers)).status).toBe(401);
		for (const Authorization of ["Bearer", "Bearer x", "Basic YTpi", `Bearer ${"a".repeat(43)}`])
			expect((await read({ Authorization })).status).toBe(401);
	});

	test("keeps only hashes of tokens", async () => {
		const ada = visit.agent();
		const nonce = await challenge(ada.key);
		const { token } = await (await open(ada.key, nonce, signed(ada, nonce))).json();
		const rows = await visit.house.sql`select * from sessions where key = ${ada.key}`;
		expect(rows).toHaveLength(1);
		expect(JSON.stringify(rows)).not.toContain(token);
	});

	test("is asked for at most ten times a minute from one address", async () => {
		const fresh = await opened();
		const asked = () => fresh.post({ key: fresh.operator.key }, { path: "/api/session/challenge" });
		const statuses: number[] = [];
		for (let i = 0; i < 11; i++) statuses.push((await asked()).status);
		const over = await asked();
		const malformed = await fresh.post("{", { path: "/api/session/challenge" });
		await fresh.close();
		expect(statuses).toEqual([...Array(10).fill(200), 429]);
		expect(malformed.status).toBe(400);
		expect(Number(over.headers.get("Retry-After"))).toBeGreaterThan(0);
	});

	test.each([
		["/api/session/challenge", "{}"],
		["/api/session/challenge", '{"key":"ada"}'],
		["/api/session/challenge", '{"key":null}'],
		["/api/session", "[]"],
		["/api/session", '{"key":"\\u0000"}'],
		["/api/operator/claim", '{"token":""}'],
	])("refuses at %s the body %s", async (path, body) => {
		const response = await visit.post(body, { path });
		expect([400, 429]).toContain(response.status);
	});
});

describe("the one-time link", () => {
	test("makes the first browser that follows it house operator, and nobody after it", async () => {
		const fresh = await opened({ operators: [] });
		const token = await offerClaim(fresh.house);
		const [ada, eve] = [fresh.agent(), fresh.agent()];
		const [adaIn, eveIn] = [await fresh.session(ada), await fresh.session(eve)];
		const claim = async (token: string, headers: Record<string, string> = {}) => {
			const response = await fresh.post({ token }, { path: "/api/operator/claim", ...headers });
			return [response.status, (await response.json()).code];
		};
		const answers = [
			await claim(token!),
			await claim("not the link's", eveIn),
			await claim(token!, adaIn),
			await claim(token!, eveIn),
		];
		const roles = async ({ key }: { key: string }) =>
			(await (await fresh.get(`/api/agents/${key}`)).json()).roles;
		const granted = [await roles(ada), await roles(eve)];
		await fresh.close();

		expect(answers).toEqual([
			[401, "session-needed"],
			[409, "claim-used"],
			[201, undefined],
			[409, "claim-used"],
		]);
		expect(granted).toEqual([["operator"], undefined]);
	});
});
