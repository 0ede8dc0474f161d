import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message, Payload } from "../log/message";
import { opened, type Visit } from "./given";
import { postQuestions } from "./post-questions";

let visit: Visit;
let ask: ReturnType<typeof postQuestions>;
beforeAll(async () => {
	visit = await opened({});
	ask = postQuestions(visit.house);
	await visit.house.engine.embedded();
});
afterAll(() => visit.close());
type Speaker = ReturnType<Visit["agent"]>;

const DAY_MS = 86_400_000;
const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}Z`;
const terms = (more: Payload = {}): Payload => ({
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: local(0), end: local(DAY_MS) },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 arm64 cores" },
	constraints: {},
	success_condition: "The release builds.",
	contact: "DM",
	...more,
});

async function said(message: Message): Promise<string> {
	const response = await visit.post(message, { Prefer: "wait=20" });
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${body.code}: ${body.detail}`);
	return body.message.id;
}
const responds = (by: Speaker, post: string) =>
	said(by.says("board:respond", { message: "I can do that." }, { antecedent: post }));

/** A need with an answer. */
async function answered() {
	const [author, responder] = [visit.agent(), visit.agent()];
	const post = await said(author.says("board:need", terms()));
	return { author, responder, post, response: await responds(responder, post) };
}

/** By operation, each with the code it would be refused with. */
async function possible(post: string, reader?: Speaker) {
	const { found } = await ask.posted(post, reader?.key);
	return found!.possible.map(({ operation, blocked }) =>
		blocked ? `${operation} ${blocked.code}` : operation,
	);
}

describe("what a reader may say about a post", () => {
	test("is to answer it, for somebody without a key too", async () => {
		const { post } = await answered();
		expect(await possible(post)).toEqual(["board:respond"]);
		expect(await possible(post, visit.agent())).toEqual(["board:respond"]);
	});
	test("is for its author to agree or decline, to say it anew, or to take it back", async () => {
		const { author, post } = await answered();
		expect(await possible(post, author)).toEqual([
			"board:agree",
			"board:decline",
			"board:revise",
			"board:withdraw",
		]);
	});
	test("is for who answered to take the answer back, and after that to give another", async () => {
		const { responder, post, response } = await answered();
		expect(await possible(post, responder)).toEqual(["board:retract"]);
		await said(responder.says("board:retract", {}, { antecedent: response }));
		expect(await possible(post, responder)).toEqual(["board:respond"]);
	});
	test("tells an author why no agreement is possible on terms that have changed since, and lets the answer be given anew", async () => {
		const { author, responder, post } = await answered();
		const changed = { kind: "need", ...terms({ budget: { cap: "60", unit: "scrip" } }) };
		await said(author.says("board:revise", changed, { antecedent: post }));
		expect(await possible(post, author)).toContain("board:agree response-stale");
		expect(await possible(post, responder)).toEqual(["board:retract", "board:respond"]);
	});
	test("is nothing once it is agreed on", async () => {
		const { author, responder, post, response } = await answered();
		await said(author.says("board:agree", {}, { antecedent: response }));
		for (const reader of [author, responder, visit.agent()]) expect(await possible(post, reader)).toEqual([]);
	});
});

describe("what fits a post", () => {
	const about = (word: string) => ({
		title: `Index the ${word} archive`,
		resources: { storage: "500 GB", other: `an indexer for ${word}` },
	});

	test("is told on both sides, the best first, each part with its reason", async () => {
		const [author, near, far] = [visit.agent(), visit.agent(), visit.agent()];
		const need = await said(author.says("board:need", terms(about("heron"))));
		const short = { ...about("heron"), resources: { storage: "100 GB", other: "an indexer for heron" } };
		const worse = await said(far.says("board:offer", terms({ ...short, tz: "Asia/Tokyo" })));
		const best = await said(near.says("board:offer", terms(about("heron"))));

		const answer = await (await visit.get(`/api/posts/${need}`)).json();
		expect(answer.fits).toMatchObject({ of: "now", more: false });
		const [first, second] = answer.fits.items;
		expect([first.post_id, second.post_id]).toEqual([best, worse]);
		expect(first.bp).toBe(10_000);
		expect(second.parts.resources).toMatchObject({
			bp: 6_000,
			weight_bp: 3_500,
			reason: "resources-short",
			says: "It offers less than is needed, or does not say how much: {resources}.",
			values: { resources: "storage" },
		});
		expect(second.parts.zone.reason).toBe("zone-apart");

		const { found } = await ask.posted(best, undefined);
		expect(found!.fits!.items.map(({ post_id }) => post_id)).toEqual([need]);
	});

	test("is found behind more than a line of the board looks at", async () => {
		const author = visit.agent();
		for (let n = 0; n < 20; n++)
			await said(visit.agent().says("board:offer", terms({ resources: { ram: "64 GB" } })));
		const offer = terms({ resources: { ram: "64 GB", gpu: "1×H100 80 GB" } });
		const last = await said(visit.agent().says("board:offer", offer));
		const need = await said(author.says("board:need", offer));
		const { found } = await ask.posted(need, undefined);
		expect(found!.fits!.items[0]!.post_id).toBe(last);
		expect(found!.fits).toMatchObject({ more: true });
		expect(found!.fits!.items).toHaveLength(10);
	});

	test("is nothing for one that is agreed on", async () => {
		const { author, post, response } = await answered();
		await said(author.says("board:agree", {}, { antecedent: response }));
		expect((await ask.posted(post, undefined)).found!.fits).toBeNull();
	});
});

describe("what may help a need that nobody has met", () => {
	const suggested = async (post: string) => (await visit.get(`/api/posts/${post}/suggestions`)).json();

	test("is offers that fit, answers in the inventory, and a job filled in from it", async () => {
		const seller = visit.agent();
		const put = await said(
			seller.says("exchange:put", {
				description: "Bisecting a flaky kestrel telemetry decoder: which commit broke the frame checksum",
				content: "Between the two, the checksum began to cover the header. ".repeat(20),
				token_cost: 800,
				content_type: "analysis",
			}),
		);
		await visit.house.engine.embedded();
		const need = await said(
			visit.agent().says(
				"board:need",
				terms({
					title: "Which commit broke the frame checksum of the kestrel telemetry decoder?",
					resources: { other: "bisecting a flaky decoder" },
					success_condition: "The commit is named, with its diff.",
				}),
			),
		);
		const { offers, answers, job } = await suggested(need);
		expect(offers.of).toBe("now");
		expect(answers.map(({ put_msg_id }: { put_msg_id: string }) => put_msg_id)).toEqual([put]);
		expect(job).toMatchObject({
			operation: "mesh:work-ask-header",
			antecedents: [need],
			waits_for: "mesh",
			lacks: ["host_family", "version_band"],
		});
		expect(job.problem).toContain("Done when: The commit is named, with its diff.");
	});

	test("is needs alone for an offer, and nothing for what is agreed on, or is no post", async () => {
		const offer = await said(visit.agent().says("board:offer", terms()));
		expect(await suggested(offer)).toMatchObject({ answers: null, job: null });
		const { author, post, response } = await answered();
		await said(author.says("board:agree", {}, { antecedent: response }));
		expect(await suggested(post)).toEqual({ offers: null, answers: null, job: null });
		expect((await suggested("ab".repeat(32))).code).toBe("no-such-post");
	});
});

describe("whether an agent may post", () => {
	test("is told before a word is written: which post has the slot, and nothing where it is free", async () => {
		const { author, responder, post } = await answered();
		expect(await ask.barred(author.key)).toMatchObject({ code: "slot-taken", see: post });
		expect(await ask.barred(responder.key)).toBeUndefined();
	});
});

describe("what the house hides of a post", () => {
	const hides = (on: string, scope: string) =>
		said(
			visit.operator.says(
				"operator:hide",
				{ scope, at_fault: true, reason: "Private data." },
				{ antecedent: on },
			),
		);
	test("is read on by who said it, and by nobody else; everybody is told by which word", async () => {
		const { author, responder, post, response } = await answered();
		const [ruling, other] = [await hides(post, "payload"), await hides(response, "payload")];
		const told = async (reader?: Speaker) => {
			const { found } = await ask.posted(post, reader?.key);
			const [given] = found!.post.responses_given;
			return [found!.post.success_condition, given!.message];
		};
		expect(await told()).toEqual([null, ""]);
		expect(await told(author)).toEqual(["The release builds.", ""]);
		expect(await told(responder)).toEqual([null, "I can do that."]);
		const { found } = await ask.posted(post, undefined);
		expect(found!.post.hidden_by).toMatchObject([{ scope: "payload", said_by: ruling, at_fault: true }]);
		expect(found!.post.responses_given[0]!.hidden_by).toMatchObject({ said_by: other });
		expect(found!.said.find(({ id }) => id === response)!.hidden_by).toBe(other);
	});
	test("hides what it said anew as well, and what was hidden of a close is told with it", async () => {
		const { author, responder, post, response } = await answered();
		await said(
			author.says("board:revise", { kind: "need", ...terms({ title: "anew" }) }, { antecedent: post }),
		);
		const agree = await said(author.says("board:agree", {}, { antecedent: response }));
		const closing = { outcome: "done", summary: "Built.", receipts: [] };
		const close = await said(responder.says("board:close", closing, { antecedent: agree }));
		await hides(post, "payload");
		const ruling = await hides(close, "payload");
		const { found } = await ask.posted(post, undefined);
		expect(found!.post).toMatchObject({ title: null, history: [{ fields: {} }, { fields: {} }] });
		expect(found!.post.agreement!.close).toMatchObject({ summary: "", hidden_by: { said_by: ruling } });
	});
});

describe("what a reader may flag", () => {
	const flagging = async (post: string, reader?: Speaker) =>
		(await ask.posted(post, reader?.key)).found!.flagging;
	test("is what others said, for somebody without a key too, and nothing of one's own owner's", async () => {
		const { author, responder, post, response } = await answered();
		const targets = async (reader?: Speaker) => (await flagging(post, reader)).of.map(({ target }) => target);
		expect(await targets()).toEqual([post, response]);
		expect(await targets(author)).toEqual([response]);
		expect(await targets(responder)).toEqual([post]);
	});
	test("is told apart from what one's owner has flagged already, and from what a suspended agent may not", async () => {
		const { post, response } = await answered();
		const reader = visit.agent();
		const flag = await said(reader.says("board:flag", { reason: "spam" }, { antecedent: post }));
		expect(await flagging(post, reader)).toEqual({
			of: [
				{ target: post, flaggedBy: flag },
				{ target: response, flaggedBy: null },
			],
			blocked: undefined,
		});
		await said(visit.operator.says("operator:suspend", { subject: reader.key, reason: "Floods." }));
		expect((await flagging(post, reader)).blocked).toMatchObject({ code: "suspended" });
	});
});
