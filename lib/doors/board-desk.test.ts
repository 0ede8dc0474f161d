import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Payload } from "../log/message";
import { opened, type Visit } from "./given";

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** Of week 47. */
const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");

type Speaker = ReturnType<Visit["agent"]>;

let visit: Visit;
let now = MONDAY;
beforeAll(async () => {
	visit = await opened({ now: () => now });
});
afterAll(() => visit.close());

async function said(by: Speaker, operation: string, payload: Payload, antecedent?: string): Promise<string> {
	now++;
	const answer = await visit.post(by.says(operation, payload, antecedent ? { antecedent } : {}));
	const body = await answer.json();
	if (answer.status !== 201) throw new Error(`${operation}: ${body.code}: ${body.detail}`);
	return body.message.id;
}
const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const posts = (by: Speaker, title: string) =>
	said(by, "board:need", {
		title,
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: local(now), end: local(now + HOUR) },
		budget: { cap: "120", unit: "scrip" },
		resources: { cpu: "8 cores" },
		constraints: {},
		contact: "DM",
	});
const responds = (by: Speaker, post: string) => said(by, "board:respond", { message: "I can." }, post);
async function agreed(author: Speaker, responder: Speaker, title: string) {
	const post = await posts(author, title);
	const agree = await said(author, "board:agree", {}, await responds(responder, post));
	return { post, agree };
}
const closes = (by: Speaker, agree: string) =>
	said(by, "board:close", { outcome: "done", summary: "Built.", receipts: [] }, agree);
const hides = (on: string, more: Payload = {}) =>
	said(visit.operator, "operator:hide", { scope: "listing", at_fault: true, reason: "Seen.", ...more }, on);
const rules = (on: string, verdict: string) =>
	said(visit.operator, "operator:verdict", { verdict, reason: "Read and compared." }, on);
const appeals = (by: Speaker, on: string) => said(by, "board:appeal", { text: "Look again." }, on);
const read = async (path: string) => {
	const answer = await visit.get(path);
	expect(answer.status).toBe(200);
	return answer.json();
};
const moderated = async ({ key }: Speaker) => (await read(`/api/agents/${key}/moderation`)).items;
const debts = ({ key }: Speaker) => read(`/api/agents/${key}/debts`);

describe("what was said of an agent and its messages", () => {
	test("is nothing for who gave no cause", async () => {
		expect(await read(`/api/agents/${visit.agent().key}/moderation`)).toEqual({ items: [], next: null });
	});
	test("is each flag and ruling, by whom, why, until when, at fault or not, and what can be appealed, once", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const post = await posts(ada, "flagged");
		const flag = await said(bob, "board:flag", { reason: "scam", note: "Asks for keys." }, post);
		expect(await moderated(ada)).toMatchObject([
			{
				message_id: flag,
				operation: "board:flag",
				by: bob.key,
				reason: "scam",
				in_force: null,
				may_appeal: false,
			},
		]);
		const until = new Date(now + DAY).toISOString();
		const hide = await hides(post, { until });
		const [word] = await moderated(ada);
		expect(word).toMatchObject({
			message_id: hide,
			by: visit.operator.key,
			reason: "Seen.",
			scope: "listing",
			at_fault: true,
			until,
			in_force: true,
			on: { message_id: post, operation: "board:need", post_id: post },
			appeal: null,
			may_appeal: true,
		});
		const appeal = await appeals(ada, hide);
		expect((await moderated(ada))[0]).toMatchObject({
			may_appeal: false,
			appeal: { appeal_id: appeal, text: "Look again.", status: "open", ruled_by: null },
		});
		const ruling = await rules(appeal, "accepted");
		const restoring = { scope: "listing", at_fault: false, reason: "A mistake." };
		const restore = await said(visit.operator, "operator:restore", restoring, post);
		expect(await moderated(ada)).toMatchObject([
			{ message_id: restore, in_force: null },
			{
				in_force: false,
				appeal: { status: "accepted", ruled_by: ruling, reason: "Read and compared." },
			},
			{ message_id: flag },
		]);
		// Of what others said nothing stands at their desks.
		expect(await moderated(bob)).toEqual([]);
	});
	test("is over when its time is", async () => {
		const ada = visit.agent();
		await hides(await posts(ada, "for an hour"), { until: new Date(now + HOUR).toISOString() });
		expect((await moderated(ada))[0].in_force).toBe(true);
		now += HOUR;
		expect((await moderated(ada))[0].in_force).toBe(false);
	});
	test("is that flags hid it, with the one that did", async () => {
		const [ada, ...others] = [1, 2, 3, 4].map(() => visit.agent());
		for (const { key } of others)
			await said(visit.operator, "operator:grant", { subject: key, role: "vouched", reason: "Known." });
		const post = await posts(ada!, "three flags");
		for (const one of others) await said(one, "board:flag", { reason: "spam" }, post);
		const words = await moderated(ada!);
		expect(words.map(({ in_force }: { in_force: boolean }) => in_force)).toEqual([true, null, null]);
		expect(words[0]).toMatchObject({ by: others[2]!.key, scope: "listing", at_fault: null });
		expect(Date.parse(words[0].until) - Date.parse(words[0].at)).toBe(DAY);
	});
	test("is a suspension and its end, and the verdict on a flag of one's own or on a contest", async () => {
		const [ada, bob, cyn] = [visit.agent(), visit.agent(), visit.agent()];
		const suspending = { subject: ada.key, reason: "Floods." };
		const suspend = await said(visit.operator, "operator:suspend", suspending);
		expect(await moderated(ada)).toMatchObject([
			{ message_id: suspend, on: null, in_force: true, may_appeal: true },
		]);
		await said(visit.operator, "operator:reinstate", suspending);
		expect(await moderated(ada)).toMatchObject([
			{ operation: "operator:reinstate" },
			{ in_force: false, may_appeal: false },
		]);

		const { post, agree } = await agreed(bob, cyn, "contested");
		const wrong = await said(cyn, "board:flag", { reason: "other" }, post);
		await rules(wrong, "declined");
		expect(await moderated(cyn)).toMatchObject([
			{
				operation: "operator:verdict",
				verdict: "declined",
				on: { message_id: wrong, post_id: post },
				flagged: { message_id: post, operation: "board:need", sender: bob.key },
				may_appeal: true,
			},
		]);
		const close = await closes(bob, agree);
		const contest = await said(cyn, "board:contest", { reason: "It is not built." }, close);
		const verdict = await rules(contest, "accepted");
		expect((await moderated(bob))[0]).toMatchObject({
			message_id: verdict,
			on: { message_id: contest, post_id: post },
			may_appeal: true,
		});
		expect((await moderated(cyn))[0]).toMatchObject({ message_id: verdict, may_appeal: false });
	});
	test("comes page after page", async () => {
		const ada = visit.agent();
		const post = await posts(ada, "again and again");
		for (let n = 1; n <= 3; n++) await hides(post, { until: new Date(now + n * DAY).toISOString() });
		const first = await read(`/api/agents/${ada.key}/moderation?limit=2`);
		const second = await read(`/api/agents/${ada.key}/moderation?limit=2&cursor=${first.next}`);
		expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
	});
});

describe("what an agent has agreed on", () => {
	test("is listed for either side, with what each has done of it", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const { post, agree } = await agreed(ada, bob, "agreed");
		await closes(ada, agree);
		const deals = async ({ key }: Speaker) => (await read(`/api/agents/${key}/agreements`)).items;
		expect(await deals(ada)).toMatchObject([
			{
				agreement_id: agree,
				post_id: post,
				about: "agreed",
				side: "author",
				with: bob.key,
				status: "closed",
				own_part: "closed",
				other_part: null,
			},
		]);
		expect(await deals(bob)).toMatchObject([{ side: "responder", with: ada.key, own_part: null }]);
	});
});

describe("what an agent's owner owes", () => {
	test("is told before it is due, counts from then on, and says how it ends and when it bars a post", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const { agree } = await agreed(ada, bob, "owed");
		const [debt] = (await debts(ada)).items;
		expect(debt).toMatchObject({
			agreement_id: agree,
			about: "owed",
			party: ada.key,
			with: bob.key,
			operations: ["board:close"],
			owed: false,
		});
		now += HOUR;
		expect((await debts(ada)).items[0].operations).toEqual(["board:close", "board:no-show"]);
		now = Date.parse(debt.owed_from);
		expect(await debts(ada)).toMatchObject({ owed: 1, most: 1, barred: false, items: [{ owed: true }] });
		await closes(ada, agree);
		expect(await debts(ada)).toEqual({ items: [], next: null, owed: 0, most: 1, barred: false });
		expect((await debts(bob)).items).toMatchObject([{ operations: ["board:confirm", "board:contest"] }]);
	});
	test("bars a new post with the second, as the door says as well", async () => {
		const ada = visit.agent();
		for (const title of ["one", "two"]) {
			now += 7 * DAY;
			await agreed(ada, visit.agent(), title);
		}
		now += 7 * DAY;
		expect(await debts(ada)).toMatchObject({ owed: 2, barred: true });
		await expect(posts(ada, "three")).rejects.toThrow("closure-debt");
	});
});
