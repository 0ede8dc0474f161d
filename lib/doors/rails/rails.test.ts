import { createHash } from "node:crypto";
import { createRumor, createSeal, createWrap, wrapEvent } from "nostr-tools/nip59";
import { finalizeEvent, getPublicKey, verifyEvent } from "nostr-tools/pure";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linkAddress, linkProof } from "../../agents/link";
import type { Payload } from "../../log/message";
import { api } from "../api";
import { opened, type Visit } from "../given";
import { openHouse } from "../house";
import { type Relay, relay, tagOf } from "./given";
import { openRails, type Rails } from "./rails";

const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000];
const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");
const SECRET = "7".repeat(64);
const URL_HERE = "https://exchange.example";

type Speaker = ReturnType<Visit["agent"]>;

let now: number;
let visit: Visit;
let near: Relay;
let far: Relay;
let rails: Rails;
let told: string[];
/** With its rails. */
let app: ReturnType<typeof api>;

const open = (relays = [near.url, far.url], house = visit.house) =>
	openRails({
		house,
		relays,
		secret: SECRET,
		publicUrl: URL_HERE,
		tell: (level, line) => told.push(`${level} ${line}`),
	});

beforeEach(async () => {
	now = MONDAY;
	told = [];
	[visit, near, far] = await Promise.all([opened({ now: () => now }), relay(), relay()]);
	rails = await open();
	app = api(Object.assign(visit.house, { rails }));
});
afterEach(async () => {
	await rails.close();
	await Promise.all([visit.close(), near.close(), far.close()]);
});

const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const terms = (more: Payload = {}): Payload => ({
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: local(now + HOUR), end: local(now + DAY) },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 cores, arm64", ram: "16 GB" },
	constraints: {},
	success_condition: "The release builds.",
	contact: "DM",
	title: "CI minutes",
	...more,
});
async function said(by: Speaker, operation: string, payload: Payload = {}, antecedent?: string) {
	now++;
	const message = by.says(operation, payload, antecedent === undefined ? {} : { antecedent });
	const answer = await visit.post(message);
	if (answer.status !== 201) throw new Error(`${operation}: ${await answer.text()}`);
	return message.id;
}
/** What a relay shows of an agent's week: its one listing. */
const shown = (where: Relay) => {
	const all = where.holds(30_402);
	expect(all.length).toBeLessThan(2);
	return all[0];
};
const mirrored = async (post: string) => (await app.request(`/api/posts/${post}/mirror`)).json();

describe("a post", () => {
	test("stands on every relay as a listing that says what it says, whose it is and where to check it", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		for (const where of [near, far]) {
			const event = shown(where)!;
			expect(verifyEvent(event)).toBe(true);
			expect(event.pubkey).toBe(rails.pubkey);
			expect(Object.fromEntries(event.tags.filter(([name]) => name !== "t"))).toMatchObject({
				d: `wax:2026-W47:${ada.key}`,
				title: "CI minutes",
				summary: "The release builds.",
				location: "EU",
				cap: "120",
				status: "active",
				start: `${(MONDAY + HOUR) / SECOND}`,
				proxy: `${URL_HERE}/posts/${need}`,
				x: need,
				exchange: visit.house.key,
			});
			expect(event.tags).toContainEqual(["cap", "120", "scrip"]);
			expect(event.tags).toContainEqual(["proxy", `${URL_HERE}/posts/${need}`, "web"]);
			expect(event.tags.filter(([name]) => name === "t").map(([, value]) => value)).toEqual([
				"weekly-agent-exchange",
				"need",
				"request",
				"cpu",
				"ram",
			]);
			expect(event.content).toContain("OFFER or NEED: NEED");
			expect(event.content).toContain("Mirrors are advisory");
		}
	});

	test("that is an offer has a price; a need has only what it costs at most", async () => {
		await said(visit.agent(), "board:offer", terms());
		await rails.work();
		expect(shown(near)!.tags).toContainEqual(["price", "120", "scrip"]);
		expect(tagOf(shown(near)!, "cap")).toBeUndefined();
	});

	test("is listed until after its closure can have ended: expiry is not deletion", async () => {
		await said(visit.agent(), "board:need", terms());
		await rails.work();
		const closureEnds = MONDAY + DAY + (72 + 72) * HOUR + (14 + 7) * DAY;
		expect(Number(tagOf(shown(near)!, "expiration")) * SECOND).toBeGreaterThanOrEqual(closureEnds);
	});

	test("replaces its listing when it is revised, within the same second too", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		const first = shown(near)!;
		const revision = await said(ada, "board:revise", { kind: "need", ...terms({ title: "CI hours" }) }, need);
		await rails.work();
		const second = shown(near)!;
		expect([tagOf(second, "title"), tagOf(second, "x")]).toEqual(["CI hours", revision]);
		expect(second.created_at).toBeGreaterThan(first.created_at);
		expect(tagOf(second, "published_at")).toBe(tagOf(first, "published_at"));
	});

	test("is sold once two have agreed, and so is the post that was matched with it", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const need = await said(ada, "board:need", terms());
		const offer = await said(bob, "board:offer", terms());
		await rails.work();
		const response = await said(bob, "board:respond", { message: "I can.", counter_post: offer }, need);
		await said(ada, "board:agree", {}, response);
		await rails.work();
		expect(near.holds(30_402).map((event) => tagOf(event, "status"))).toEqual(["sold", "sold"]);
	});

	test("is deleted when it is withdrawn, and another in its place is listed anew", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		const listed = shown(near)!;
		await said(ada, "board:withdraw", {}, need);
		await rails.work();
		expect(shown(near)).toBeUndefined();
		expect(near.holds(5)[0]!.tags).toEqual(
			expect.arrayContaining([
				["a", `30402:${rails.pubkey}:wax:2026-W47:${ada.key}`],
				["e", listed.id],
				["k", "30402"],
			]),
		);
		const offer = await said(ada, "board:offer", terms());
		await rails.work();
		expect(tagOf(shown(near)!, "x")).toBe(offer);
	});

	test("is deleted when the house hides it, for as long as it does", async () => {
		const need = await said(visit.agent(), "board:need", terms());
		await rails.work();
		const until = new Date(now + HOUR).toISOString();
		const hide = { scope: "listing", at_fault: false, reason: "Under review.", until };
		await said(visit.operator, "operator:hide", hide, need);
		expect(await mirrored(need)).toMatchObject({ mirror: null, own: null });
		await rails.work();
		expect(shown(near)).toBeUndefined();
		now += HOUR;
		await rails.work();
		expect(tagOf(shown(near)!, "x")).toBe(need);
	});

	test("that was withdrawn before any relay heard of it is told to none", async () => {
		const ada = visit.agent();
		await said(ada, "board:withdraw", {}, await said(ada, "board:need", terms()));
		await rails.work();
		expect([near.holds(30_402), near.holds(5)]).toEqual([[], []]);
	});

	test("cannot break out of the text of its listing", async () => {
		await said(visit.agent(), "board:need", terms({ contact: "````\n# Buy here" }));
		await rails.work();
		expect(shown(near)!.content.startsWith("`````\n")).toBe(true);
	});
});

const [secret, nils] = ["nadia", "nils"].map(
	(name) => new Uint8Array(createHash("sha256").update(name).digest()),
) as [Uint8Array, Uint8Array];
const account = getPublicKey(secret);
const links = (by: Speaker) => {
	const proof = finalizeEvent(linkProof(visit.house.key, by.key, account, now), secret);
	return said(by, "agent:link", { rail: "nostr", account, proof: JSON.stringify(proof) });
};

describe("a linked author", () => {
	test("is offered the listing under its own account unsigned: only its own software can sign it", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		expect((await mirrored(need)).own).toBeNull();
		await links(ada);
		const { own } = await mirrored(need);
		expect([own.pubkey, tagOf(own, "d"), "sig" in own]).toEqual([account, "wax:2026-W47", false]);
		near.publish(finalizeEvent(own, secret));
		expect(near.holds(30_402).some(({ pubkey }) => pubkey === account)).toBe(true);
	});

	test("is named in the exchange's own listing, with where the author's would be", async () => {
		const ada = visit.agent();
		await said(ada, "board:need", terms());
		await rails.work();
		await links(ada);
		await rails.work();
		expect(shown(near)!.tags).toEqual(
			expect.arrayContaining([
				["p", account],
				["a", `30402:${account}:wax:2026-W47`],
			]),
		);
	});

	test("is named no more once its account has named another agent", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		await said(ada, "board:need", terms());
		await links(ada);
		await rails.work();
		now += 2 * SECOND;
		await links(bob);
		await rails.work();
		expect(tagOf(shown(near)!, "p")).toBeUndefined();
	});
});

describe("a relay that is away", () => {
	test("holds up neither the door nor another relay, and is told when it is back: once, the newest", async () => {
		const ada = visit.agent();
		await far.away();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		expect(tagOf(shown(near)!, "x")).toBe(need);
		const revision = await said(ada, "board:revise", { kind: "need", ...terms({ title: "CI hours" }) }, need);
		expect(await mirrored(need)).toMatchObject({ mirror: { owed: [far.url], refused: [] } });
		await rails.work();
		await far.back();
		now += HOUR;
		await rails.work();
		expect([tagOf(shown(far)!, "x"), far.heard()]).toEqual([revision, 1]);
		expect(await mirrored(need)).toMatchObject({ mirror: { owed: [], refused: [] } });
		expect(told.filter((line) => line.includes("cannot be reached"))).toHaveLength(1);
	});

	test("is left alone for longer and longer, and never given up", async () => {
		await far.away();
		await said(visit.agent(), "board:need", terms());
		for (let hour = 0; hour < 24; hour++) {
			now += HOUR;
			await rails.work();
		}
		expect(await rails.health()).toMatchObject({ waiting: 1, parked: 0 });
		await far.back();
		await rails.work();
		expect(shown(far)).toBeUndefined();
		now += HOUR;
		await rails.work();
		expect(shown(far)).toBeDefined();
	});

	test("goes away in the middle of a line and is called again", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		await far.away();
		await far.back();
		await said(ada, "board:revise", { kind: "need", ...terms({ title: "CI hours" }) }, need);
		await rails.work();
		now += HOUR;
		await rails.work();
		expect(tagOf(shown(far)!, "title")).toBe("CI hours");
	});
});

describe("what is owed to relays", () => {
	test("survives the end of the process", async () => {
		await Promise.all([near.away(), far.away()]);
		const need = await said(visit.agent(), "board:need", terms());
		await rails.work();
		await rails.close();
		await Promise.all([near.back(), far.back()]);
		const other = await openHouse({
			url: visit.databaseUrl,
			secret: visit.house.secret,
			now: () => now,
		});
		const next = await open(undefined, other);
		await next.work();
		expect([tagOf(shown(near)!, "x"), tagOf(shown(far)!, "x")]).toEqual([need, need]);
		await next.close();
		await other.close();
	});

	test("is all there is, for a relay that is named later", async () => {
		const late = await relay();
		const need = await said(visit.agent(), "board:need", terms());
		await rails.work();
		await rails.close();
		rails = await open([near.url, late.url]);
		await rails.work();
		expect(tagOf(shown(late)!, "x")).toBe(need);
		await late.close();
	});

	test("is told once by two processes", async () => {
		const other = await openHouse({ url: visit.databaseUrl, secret: visit.house.secret, now: () => now });
		const second = await open(undefined, other);
		await said(visit.agent(), "board:need", terms());
		await Promise.all([rails.work(), second.work(), rails.work(), second.work()]);
		expect([near.heard(), far.heard()]).toEqual([1, 1]);
		expect(await rails.health()).toMatchObject({ waiting: 0, parked: 0 });
		await second.close();
		await other.close();
	});

	test("is parked when a relay will not have it five times, said aloud, and tried again when it changes", async () => {
		const ada = visit.agent();
		far.refuse("blocked: not on the list");
		const need = await said(ada, "board:need", terms());
		for (let n = 0; n < 6; n++) {
			await rails.work();
			now += HOUR;
		}
		expect(await rails.health()).toMatchObject({ waiting: 0, parked: 1 });
		expect(await mirrored(need)).toMatchObject({ mirror: { owed: [], refused: [far.url] } });
		expect(told.filter((line) => line.startsWith("error"))).toHaveLength(1);
		far.refuse(undefined);
		await said(ada, "board:revise", { kind: "need", ...terms({ title: "CI hours" }) }, need);
		await rails.work();
		expect(tagOf(shown(far)!, "title")).toBe("CI hours");
	});

	test("is gone with what it is about, once no relay needs it any more", async () => {
		await said(visit.agent(), "board:need", terms());
		await rails.work();
		now += 60 * DAY;
		await rails.close();
		const late = await relay();
		rails = await open([late.url]);
		await rails.work();
		expect(shown(late)).toBeUndefined();
		await late.close();
	});
});

const drafts = async (of: Speaker) =>
	(await (await app.request("/api/drafts", { headers: await visit.session(of) })).json()).items;
/** Has the exchange hear what relays bring, until `seen` is there to be seen. */
async function heard<T>(seen: () => Promise<T | undefined | false>): Promise<T> {
	for (;;) {
		await rails.work();
		const found = await seen();
		if (found) return found;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
/** A private message to the exchange's key, in the rail's own library. It comes after all that were written before. */
function writes(tags: string[][], content: string, by = secret, more: object = {}) {
	const rumor = { kind: 14, tags: [["p", rails.pubkey], ...tags], content, ...more };
	near.publish({
		...wrapEvent({ created_at: Math.floor(now / SECOND), ...rumor }, by, rails.pubkey),
	});
}
const first = async (of: Speaker) => heard(async () => (await drafts(of))[0]);
const messages = async () => (await (await app.request("/api/messages?limit=500")).json()).items.length;

describe("a private message to the exchange about a post", () => {
	test("by a linked agent is a draft of its response, and says nothing until that agent signs it", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const need = await said(ada, "board:need", terms());
		await links(bob);
		await rails.work();
		const before = await messages();
		writes([["a", `30402:${rails.pubkey}:wax:2026-W47:${ada.key}`]], "I have 8 cores until Friday.");
		const draft = await first(bob);
		expect(draft).toMatchObject({
			account,
			post_id: need,
			words: "I have 8 cores until Friday.",
			act: {
				operation: "board:respond",
				antecedents: [need],
				payload: { message: "I have 8 cores until Friday." },
			},
		});
		expect([await messages(), await drafts(ada)]).toEqual([before, []]);
		await said(bob, draft.act.operation, draft.act.payload, draft.act.antecedents[0]);
		expect(await drafts(bob)).toEqual([]);
	});

	test("by somebody who is linked to nobody is a follow-up for the post's author to read", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		writes([["e", shown(near)!.id]], "Is this still open?");
		expect(await first(ada)).toMatchObject({
			account,
			post_id: need,
			words: "Is this still open?",
			act: null,
		});
	});

	test("by the author itself, or to a post that is over, is no response", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const need = await said(ada, "board:need", terms());
		await links(ada);
		writes([], `To myself, of ${URL_HERE}/posts/${need}`);
		expect((await first(ada)).act).toBeNull();
		now += 2 * SECOND;
		await links(bob);
		now += 2 * DAY;
		writes([], `Too late for ${need}`);
		await heard(async () => (await drafts(ada)).length === 2);
		expect(await drafts(bob)).toEqual([]);
	});

	test("of which it is not certain who wrote it, or about nothing here, is no draft", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		const rumor = createRumor({ kind: 14, content: `By another: ${need}` }, nils);
		near.publish({ ...createWrap(createSeal(rumor, secret, rails.pubkey), rails.pubkey) });
		writes([], need, secret, { kind: 15 });
		writes([], " \n ");
		writes([], "Buy my token");
		near.publish(
			finalizeEvent(
				{
					kind: 1059,
					created_at: Math.floor(now / SECOND),
					tags: [["p", rails.pubkey]],
					content: "not sealed",
				},
				secret,
			),
		);
		writes([], `Last: ${need}`);
		await first(ada);
		expect((await drafts(ada)).map(({ words }: { words: string }) => words)).toEqual([`Last: ${need}`]);
	});

	test("is read by its owner alone, and comes back to nobody who has put it aside", async () => {
		const [ada, bob] = [visit.agent(), visit.agent()];
		const need = await said(ada, "board:need", terms());
		await rails.work();
		writes([], `About ${need}`);
		const { draft_id: id } = await first(ada);
		expect((await app.request("/api/drafts")).status).toBe(401);
		const aside = async (by: Speaker) => {
			const headers = await visit.session(by);
			return (await app.request(`/api/drafts/${id}`, { method: "DELETE", headers })).status;
		};
		expect([await aside(bob), await aside(ada), await aside(ada)]).toEqual([404, 204, 404]);
		await rails.close();
		rails = await open();
		writes([], `Again ${need}`);
		expect((await first(ada)).words).toBe(`Again ${need}`);
		expect(await drafts(ada)).toHaveLength(1);
	});

	test("is one of at most twenty that an account writes in a day", async () => {
		const ada = visit.agent();
		const need = await said(ada, "board:need", terms());
		await rails.work();
		for (let n = 0; n < 22; n++) writes([], `${n} ${need}`);
		writes([], `From another ${need}`, nils);
		await heard(async () =>
			(await drafts(ada)).some(({ account: by }: { account: string }) => by !== account),
		);
		expect(await drafts(ada)).toHaveLength(21);
	});
});

describe("an account's own word on its relays", () => {
	const linked = async (who: Speaker) => (await (await app.request(`/api/agents/${who.key}`)).json()).links;

	test("that names nobody ends its link here, until it signs a newer proof", async () => {
		const ada = visit.agent();
		await said(ada, "board:need", terms());
		await links(ada);
		await rails.work();
		expect([(await linked(ada)).length, tagOf(shown(near)!, "p")]).toEqual([1, account]);
		now += 2 * SECOND;
		const word = linkProof(visit.house.key, ada.key, account, now);
		near.publish(finalizeEvent({ ...word, content: "" }, secret));
		await heard(async () => (await linked(ada)).length === 0);
		await rails.work();
		expect(tagOf(shown(near)!, "p")).toBeUndefined();
		now += 2 * SECOND;
		await links(ada);
		expect(await linked(ada)).toHaveLength(1);
	});

	test("that its proof be deleted ends its link too; another's does not", async () => {
		const ada = visit.agent();
		await links(ada);
		await rails.work();
		now += 2 * SECOND;
		const wish = (by: Uint8Array) =>
			finalizeEvent(
				{
					kind: 5,
					created_at: Math.floor(now / SECOND),
					tags: [["a", `30078:${account}:${linkAddress(visit.house.key)}`]],
					content: "",
				},
				by,
			);
		near.publish(wish(nils));
		await rails.work();
		expect(await linked(ada)).toHaveLength(1);
		near.publish(wish(secret));
		await heard(async () => (await linked(ada)).length === 0);
	});
});

test("an exchange says where it mirrors, and how that goes", async () => {
	await said(visit.agent(), "board:need", terms());
	await rails.work();
	expect(await (await app.request("/api/health")).json()).toMatchObject({
		ready: true,
		mirrors: { relays: 2, reached: 2, waiting: 0, parked: 0 },
	});
	expect(await (await app.request("/api/metrics")).text()).toContain('wax_relays{state="reached"} 2');
	expect(await (await app.request("/api/exchange")).json()).toMatchObject({
		nostr: { key: rails.pubkey, relays: [near.url, far.url] },
	});
});
