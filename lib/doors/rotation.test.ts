import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rotationPayload } from "../client/rotation";
import { verifyLog } from "../log/replay";
import { sign, signedBytes } from "../log/sign";
import { opened, type Visit } from "./given";
import { openHouse } from "./house";

type Speaker = ReturnType<Visit["agent"]>;

let visit: Visit;
beforeAll(async () => {
	visit = await opened();
});
afterAll(() => visit.close());

const rotation = (by: Speaker, next: Speaker, lost = by.key) =>
	by.says("agent:rotate", rotationPayload(visit.house.key, next, lost, by.key));
const says = async (message: Parameters<Visit["post"]>[0]) => {
	const answer = await visit.post(message);
	return { status: answer.status, ...(await answer.json()) };
};
const read = async (path: string, headers = {}) => (await visit.get(path, headers)).json();
const minted = (to: string, amount: number) =>
	visit.operator.says("scrip:mint", { recipient: to, amount, reference: `${to} ${amount}` });

describe("an agent that has changed its key", () => {
	let [first, second, third]: [Speaker, Speaker, Speaker] = [] as never;
	let before: Record<string, string>;
	let early: ReturnType<Speaker["says"]>;
	beforeAll(async () => {
		[first, second, third] = [visit.agent(), visit.agent(), visit.agent()];
		early = first.says("agent:profile", { name: "Ada" });
		await says(early);
		await says(minted(first.key, 9));
		before = await visit.session(first);
		expect((await visit.get(`/api/agents/${first.key}/ledger`, before)).status).toBe(200);
		for (const message of [rotation(first, second), rotation(second, third)])
			expect(await says(message)).toMatchObject({ status: 201 });
	});

	test("is one agent by whichever of its keys it is asked for, with the history of its keys", async () => {
		for (const { key } of [first, second, third]) {
			const agent = await read(`/api/agents/${key}`);
			expect(agent).toMatchObject({ key: first.key, signing_key: third.key, profile: { name: "Ada" } });
			expect(agent.keys).toMatchObject([
				{ key: first.key, since: null, until: { message_id: expect.any(String) } },
				{ key: second.key, since: { message_id: agent.keys[0].until.message_id } },
				{ key: third.key, since: { message_id: agent.keys[1].until.message_id }, until: null },
			]);
		}
	});
	test("loses the old keys' sessions at once, and opens none for them", async () => {
		const path = `/api/agents/${first.key}/ledger`;
		expect((await visit.get(path, before)).status).toBe(401);
		const asked = await visit.post({ key: second.key }, { path: "/api/session/challenge" });
		const { nonce } = await asked.json();
		const signature = sign(second.secret, signedBytes("session", visit.house.key, nonce));
		const answer = await visit.post({ key: second.key, nonce, signature }, { path: "/api/session" });
		expect([answer.status, (await answer.json()).code]).toEqual([401, "key-rotated"]);
	});
	test("reads its one purse with a session of the new key, under any of its names", async () => {
		await says(minted(third.key, 2));
		const session = await visit.session(third);
		for (const { key } of [first, second, third])
			expect((await read(`/api/agents/${key}/ledger`, session)).purses.hot).toBe(11_000_000);
	});
	test("is heard under the old key no more, in a dry run neither, whatever else is wrong with the message", async () => {
		const late = first.says("board:confirm", {}, { antecedent: "0".repeat(64) });
		const stale = first.says("agent:profile", {}, { at: new Date(0) });
		for (const message of [late, stale])
			expect(await says(message)).toMatchObject({ status: 401, code: "key-rotated" });
		const dry = await visit.post(late, { path: "/api/messages/dry-run" });
		expect(dry.status).toBe(401);
		// What comes before it in the order of the statuses still does.
		const ill = first.says("agent:profile", { nam: "Ada" });
		expect(await says(ill)).toMatchObject({ status: 422, code: "unknown-field" });
	});
	test("has what the old key had said answered as it was first", async () => {
		const again = await visit.post(early);
		expect([again.status, again.headers.get("Replayed")]).toEqual([200, "true"]);
	});
	test("finds all its messages in the log by any of its keys, each as it was signed", async () => {
		const { items } = await read(`/api/messages?sender=${second.key}`);
		expect(items.map(({ sender }: { sender: string }) => sender)).toEqual([first.key, first.key, second.key]);
		const stream = await visit.get(`/api/messages/stream?after=0&to=${third.key}&tag=scrip:mint`);
		const reader = stream.body!.getReader();
		let told = "";
		while ((told.match(/^event: message$/gm) ?? []).length < 2)
			told += new TextDecoder().decode((await reader.read()).value);
		await reader.cancel();
	});
	test("is told where the line of its limit stands: a new key is no new allowance", async () => {
		const answer = await visit.post(third.says("agent:profile", { name: "Ada" }));
		expect(Number(/r=(\d+)/.exec(answer.headers.get("RateLimit")!)![1])).toBeLessThan(117);
	});
	test("joins an owner by a proof over the key it signs with, and a joined one stays when its holder changes keys", async () => {
		const [holder, next, member] = [visit.agent(), visit.agent(), visit.agent()];
		await says(holder.says("agent:profile", { operator_id: "a-fleet" }));
		const operator_proof = sign(
			holder.secret,
			signedBytes("operator", visit.house.key, "a-fleet", member.key),
		);
		await says(member.says("agent:profile", { operator_id: "a-fleet", operator_proof }));
		await says(rotation(holder, next));
		expect(
			await says(member.says("agent:profile", { name: "M", operator_id: "a-fleet", operator_proof })),
		).toMatchObject({ status: 201 });
		expect(await read(`/api/agents/${member.key}`)).toMatchObject({ owner: "a-fleet", claims_owner: null });
		expect(await read(`/api/agents/${next.key}`)).toMatchObject({ owner: "a-fleet" });
	});
});

describe("two processes of one exchange", () => {
	test("take one of two rotations that come at the same time, and no word of the old key after it", async () => {
		const { secret, key } = visit.house;
		const other = await openHouse({ url: visit.databaseUrl, secret, now: Date.now });
		try {
			for (let round = 0; round < 8; round++) {
				const ada = visit.agent();
				const rotations = [visit.agent(), visit.agent()].map((next) => rotation(ada, next));
				const words = Array.from({ length: 6 }, (_, i) => ada.says("agent:profile", { name: `Ada ${i}` }));
				const replies = await Promise.all(
					[...words.slice(0, 3), ...rotations, ...words.slice(3)].map((message, i) =>
						(i % 2 === 0 ? visit.house : other).door.submit(JSON.stringify(message)),
					),
				);
				const taken = replies.flatMap((reply) => (reply.refusal ? [] : [reply.message]));
				const codes = new Set(replies.flatMap(({ refusal }) => refusal?.code ?? []));
				expect([...codes].filter((code) => code !== "key-rotated")).toEqual([]);
				const rows = await visit.house.sql`
					select seq, operation from messages where sender = ${ada.key} order by seq`;
				expect(rows.filter(({ operation }) => operation === "agent:rotate")).toHaveLength(1);
				expect(rows.at(-1)!.operation).toBe("agent:rotate");
				expect(taken).toHaveLength(rows.length);
			}
			const { faults } = await verifyLog(visit.house.sql as unknown as Sql, visit.house.machine);
			expect(faults).toEqual([]);
			expect(other.key).toBe(key);
		} finally {
			await other.close();
		}
	});
});
