import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange, Logged } from "../lib/client";
import { type Started, started } from "./started";

/**
 * A day at the market, told to the started product with the client that it serves itself. Vera is the house operator, Ada
 * sells what this repository is made of, Bob, Cy and Dee buy, and Eve wants goods that she does not pay for.
 */
let exchange: Started;
let client: typeof import("../lib/client/main");
let vera: Exchange;
let ada: Exchange;
let bob: Exchange;
let cy: Exchange;
let dee: Exchange;
let eve: Exchange;

const MICRO = 1_000_000;
const HOUR_MS = 3_600_000;

beforeAll(async () => {
	exchange = await started();
	const file = join(exchange.folder, "client.mjs");
	await writeFile(file, await (await fetch(`${exchange.url}/client.mjs`)).text());
	client = await import(/* @vite-ignore */ pathToFileURL(file).href);
	vera = await comes();
	ada = await comes();
	bob = await comes();
	cy = await comes();
	dee = await comes();
	eve = await comes();

	const claim = await fetch(`${exchange.url}/api/operator/claim`, {
		method: "POST",
		headers: { "Content-Type": "application/json", Authorization: `Bearer ${await vera.session()}` },
		body: JSON.stringify({ token: exchange.claim }),
	});
	expect(claim.status).toBe(201);
	// One house operator alone may give a purse of this size today.
	await vera.send("operator:configure", {
		changes: { "operator.second_above_scrip": 60_000 },
		reason: "The purses of this day are large.",
	});
	for (const [who, amount] of [
		[bob, 60_000],
		[cy, 60_000],
		[dee, 1_500],
	] as const)
		await vera.send("scrip:mint", { recipient: keyOf(who), amount, reference: `purse of ${keyOf(who)}` });
});
afterAll(() => exchange?.remove());

// What Ada has to sell: three that can be previewed, two too small for that.
const stemmer = goods("lib/match/stem.ts", "Porter's English stemmer in TypeScript", 20_000);
const parser = goods("lib/log/json.ts", "A strict JSON parser that refuses duplicate keys", 20_000);
const tree = goods("lib/log/proof.ts", "Merkle tree inclusion and consistency proofs as in RFC 6962", 20_000);
const week = goods("lib/board/week.ts", "The ISO 8601 week of an instant in UTC", 2_000);
const day = goods("lib/exchange/rules/day.ts", "The UTC day and hour of an instant", 2_000);

/** What became of each buy, by its id: written as it is told, held against the orders at the end of the day. */
const orders = new Map<string, string>();
/** What Ada's reputation owes to which message, newest first. */
const signals: { signal: string; delta: number; message_id: string }[] = [];

describe("a put worth more than the exchange accepts by itself", () => {
	test("waits for a house operator, and is in no search meanwhile", async () => {
		await configured({ "exchange.auto_accept_cap_scrip": 5_000 });
		expect(await moved(() => puts(stemmer))).toEqual({});
		expect(await entryOf(stemmer)).toMatchObject({ status: "pending", held_for: "appraisal", price: null });
		expect(await found(stemmer.put.description)).toEqual([]);
	});

	test("is not its seller's to accept, nor the buyers'", async () => {
		for (const who of [ada, bob])
			await refused(
				settles(who, "put-accept", stemmer.id, stemmer.id, await terms(stemmer, 900)),
				403,
				"sender-not-allowed",
			);
	});

	test("is accepted by the house operator at his price, which the treasury pays at once", async () => {
		const accepting = async () =>
			settles(vera, "put-accept", stemmer.id, stemmer.id, await terms(stemmer, 900));
		expect(await moved(accepting)).toEqual({ "ada's hot": 900 * MICRO, treasury: -900 * MICRO });
		expect(await entryOf(stemmer)).toMatchObject({ status: "live", seller_key: keyOf(ada), sales: 0 });
		expect(await found(stemmer.put.description)).toEqual([stemmer.id]);
	});

	test("is ruled on once", async () => {
		const again = [
			["put-accept", await terms(stemmer, 9_000)],
			["put-reject", { reason: "On second thoughts.", code: "other" }],
		] as const;
		for (const [phase, more] of again)
			await refused(settles(vera, phase, stemmer.id, stemmer.id, more), 409, "ruled-already");
	});

	test("is rejected by him with a reason, which moves no scrip", async () => {
		await puts(parser);
		const reason = "Say which version of the language it is written in.";
		const rejecting = () => settles(vera, "put-reject", parser.id, parser.id, { reason, code: "other" });
		expect(await moved(rejecting)).toEqual({});
		expect(await entryOf(parser)).toMatchObject({ status: "rejected", status_reason: "other" });
		const { replies } = await ada.read(parser.id);
		expect(replies).toMatchObject([{ sender: keyOf(vera), payload: { phase: "put-reject", reason } }]);
	});

	test("is a new put when it is improved, and below the cap the exchange rules on it at once", async () => {
		await configured({ "exchange.auto_accept_cap_scrip": 100_000 });
		const rejected = parser.id;
		parser.put.description += ", in TypeScript 7";
		let ruling: Logged | undefined;
		const changes = await moved(async () => {
			ruling = await sells(parser);
		});
		expect(parser.id).not.toBe(rejected);
		const { key } = await reads<{ key: string }>("/api/exchange");
		expect(ruling).toMatchObject({ sender: key, payload: { phase: "put-accept", entry_id: parser.id } });
		const { price, appraisal } = ruling!.payload as { price: number; appraisal: number };
		expect(price).toBeLessThan(appraisal);
		expect(changes).toEqual({ "ada's hot": price * MICRO, treasury: -price * MICRO });
		for (const one of [tree, week, day])
			expect(await sells(one)).toMatchObject({ payload: { phase: "put-accept", entry_id: one.id } });
	});
});

describe("a purchase of 500 tokens and more", () => {
	let quote: Quote;
	let base: number;
	let preview: Logged;
	let deliver: Logged;
	let order: string;
	let price: number;

	test("begins with a match that quotes a price within the budget", async () => {
		const asking = async () => {
			quote = await asks(bob, "stem English words, Porter's algorithm, TypeScript", 20_000);
		};
		expect(await moved(asking)).toEqual({});
		expect(quote.results[0]).toMatchObject({ entry_id: stemmer.id, seller_key: keyOf(ada) });
		base = quote.results[0]!.price;
		expect(base).toBeLessThanOrEqual(0.8 * stemmer.put.token_cost);
	});

	test("leaves no phase out and takes none before its time", async () => {
		const { match, buy } = quote;
		const early = [
			["buyer-accept", match, 422, "preview-required"],
			["complete", match, 422, "wrong-antecedent"],
			["preview-request", buy, 422, "wrong-antecedent"],
			["buyer-accept", "0".repeat(64), 404, "unknown-antecedent"],
		] as const;
		for (const [phase, antecedent, status, code] of early)
			await refused(settles(bob, phase, stemmer.id, antecedent), status, code);
		await refused(settles(bob, "preview-request", "an entry of mine", match), 422, "entry-not-offered");
	});

	test("shows a part for free, by which the price falls", async () => {
		const asking = async () => {
			preview = (await settles(bob, "preview-request", stemmer.id, quote.match)).reply!;
		};
		expect(await moved(asking)).toEqual({});
		const { preview_chunks: chunks, ...payload } = preview.payload as {
			preview_chunks: { content: string; position: number; length: number }[];
			purchase_price: number;
		};
		const bytes = Buffer.from(stemmer.put.content);
		for (const { content, position, length } of chunks)
			expect(content).toBe(bytes.subarray(position, position + length).toString());
		const shown = chunks.reduce((sum, { length }) => sum + length, 0) / bytes.length;
		expect(shown).toBeGreaterThan(0.1);
		expect(shown).toBeLessThan(0.3);
		price = payload.purchase_price;
		expect(payload).toMatchObject({ base_price: base, price });
		expect(Math.abs(price - base * (1 - shown))).toBeLessThan(1);
	});

	test("reserves the price and hands over the goods, with the hash that was offered", async () => {
		const accepting = async () => {
			const accept = await settles(bob, "buyer-accept", stemmer.id, preview.id);
			order = accept.id;
			deliver = accept.reply!;
		};
		expect(await moved(accepting)).toEqual({ "bob's hot": -price * MICRO, "bob's held": price * MICRO });
		const { content, content_hash } = deliver.payload as { content: string; content_hash: string };
		expect(content).toBe(stemmer.put.content);
		expect(content_hash).toBe(hashOf(content));
		expect(content_hash).toBe(quote.results[0]!.content_hash);
	});

	test("takes a message about it only from who it is up to, and only the price that was reserved", async () => {
		const { content, content_hash } = deliver.payload;
		await refused(
			settles(bob, "deliver", stemmer.id, order, { content, content_hash }),
			403,
			"sender-not-allowed",
		);
		await refused(settles(ada, "complete", stemmer.id, deliver.id), 403, "not-yours");
		await refused(
			settles(bob, "complete", stemmer.id, deliver.id, { price: price - 1 }),
			422,
			"price-mismatch",
		);
		await refused(
			settles(bob, "complete", stemmer.id, deliver.id, { content_hash_verified: false }),
			422,
			"hash-not-verified",
		);
	});

	test("is paid out when the buyer completes it: half to its author, 2 % burned, the rest to the treasury", async () => {
		const completing = async () => {
			const { id } = await settles(bob, "complete", stemmer.id, deliver.id, {
				content_hash_verified: true,
				price,
			});
			signals.unshift({ signal: "sale", delta: 1, message_id: id });
			orders.set(quote.buy, "completed");
		};
		expect(await moved(completing)).toEqual({
			"bob's held": -price * MICRO,
			"ada's hot": percent(50, price),
			burned: percent(2, price),
			treasury: percent(48, price),
		});
		expect(await reputation()).toMatchObject({ score: 51, signals });
	});

	test("ends once", async () => {
		const ended = { status: 409, code: "already-settled", body: { see: signals[0]!.message_id } };
		await expect(settles(bob, "complete", stemmer.id, deliver.id)).rejects.toMatchObject(ended);
		await expect(
			settles(bob, "dispute", stemmer.id, deliver.id, { dispute_type: "quality_inadequate" }),
		).rejects.toMatchObject(ended);
		await refused(settles(bob, "buyer-reject", stemmer.id, preview.id), 409, "already-accepted");
	});

	test("does not make the buyer a seller of the same goods", async () => {
		const { replies } = await bob.send("exchange:put", stemmer.put, { wait: 20 });
		expect(replies[0]!.payload).toMatchObject({ phase: "put-reject", code: "resale" });
	});

	describe("tempts a stranger, who", () => {
		test("sends the buyer's signed accept once more and gets its first answer, without the goods", async () => {
			const { id, sender, tags, payload, antecedents, timestamp, signature } = await eve.read(order);
			const accept = { id, sender, tags, payload, antecedents, timestamp, signature };
			const nobody = await client.connect(exchange.url);
			let buyer: unknown;
			const replaying = async () => {
				for (const who of [nobody, eve]) {
					const { replayed, replies } = await who.post(accept);
					expect(replayed).toBe(true);
					expect(replies.map(({ id }) => id)).toEqual([deliver.id]);
					expect(replies[0]!.payload.content).toEqual(detached(stemmer));
				}
				buyer = (await bob.post(accept)).replies[0]!.payload.content;
			};
			expect(await moved(replaying)).toEqual({});
			expect(buyer).toBe(stemmer.put.content);
		});

		test("reads all messages of the sale and finds the goods in none", async () => {
			const ids = [stemmer.id, quote.buy, quote.match, preview.id, order, deliver.id];
			const read = JSON.stringify(await Promise.all(ids.map((id) => eve.read(id))));
			for (const line of stemmer.put.content.split("\n").filter((line) => line.length > 40))
				expect(read).not.toContain(JSON.stringify(line).slice(1, -1));
			expect((await ada.read(stemmer.id)).payload.content).toBe(stemmer.put.content);
		});

		test("cannot put goods of which she knows no more than the hash", async () => {
			const put = { ...stemmer.put, content: detached(stemmer) };
			await refused(eve.send("exchange:put", put), 422, "content-required");
		});

		test("is refused everything about somebody else's order", async () => {
			const his = [
				["preview-request", quote.match],
				["buyer-accept", preview.id],
				["buyer-reject", preview.id],
				["complete", deliver.id],
				["dispute", deliver.id, { dispute_type: "content_mismatch" }],
			] as const;
			for (const [phase, antecedent, more] of his)
				await refused(settles(eve, phase, stemmer.id, antecedent, more), 403, "not-yours");
			await refused(eve.reads(`/api/agents/${keyOf(bob)}/ledger`), 403, "ledger-not-yours");
		});
	});
});

describe("a preview that does not convince", () => {
	test("is declined, costs nothing, and cannot be accepted any more", async () => {
		const quote = await asks(cy, tree.put.description, 20_000);
		const preview = (await settles(cy, "preview-request", tree.id, quote.match)).reply!;
		const rejecting = () => settles(cy, "buyer-reject", tree.id, preview.id, { reason: "Not what I need." });
		expect(await moved(rejecting)).toEqual({});
		for (const phase of ["buyer-accept", "buyer-reject"])
			await refused(settles(cy, phase, tree.id, preview.id), 409, "already-rejected");
		for (const { entry_id } of quote.results.slice(1))
			await settles(cy, "buyer-reject", entry_id, quote.match);
		orders.set(quote.buy, "rejected");
	});
});

describe("a purchase of less than 500 tokens", () => {
	let quote: Quote;
	let deliver: Logged;
	let price: number;

	test("has no preview and is delivered on the match", async () => {
		quote = await asks(bob, week.put.description, 2_000);
		price = quote.results.find(({ entry_id }) => entry_id === week.id)!.price;
		await refused(settles(bob, "preview-request", week.id, quote.match), 422, "too-small-to-preview");
		const accepting = async () => {
			deliver = (await settles(bob, "buyer-accept", week.id, quote.match)).reply!;
		};
		expect(await moved(accepting)).toEqual({ "bob's hot": -price * MICRO, "bob's held": price * MICRO });
		expect(deliver.payload.content).toBe(week.put.content);
	});

	test("is refunded on the buyer's word alone, at three points of its seller's reputation", async () => {
		const disputing = async () => {
			const { id, reply } = await settles(bob, "small-content-dispute", week.id, deliver.id, {
				auto_refund: true,
				reason: "It ignores the year's first days.",
			});
			expect(reply).toMatchObject({
				tags: expect.arrayContaining(["exchange:phase:refund", "exchange:verdict:auto-refunded"]),
				payload: { price },
			});
			signals.unshift({ signal: "smallContentRefund", delta: -3, message_id: id });
			orders.set(quote.buy, "refunded");
		};
		expect(await moved(disputing)).toEqual({ "bob's held": -price * MICRO, "bob's hot": price * MICRO });
		expect(await reputation()).toMatchObject({ score: 48, signals });
	});

	test("is refunded once, and neither completed nor disputed afterwards", async () => {
		const late = [
			["small-content-dispute", { auto_refund: true }],
			["dispute", { dispute_type: "stale_content" }],
			["complete", {}],
		] as const;
		for (const [phase, more] of late)
			await refused(settles(bob, phase, week.id, deliver.id, more), 409, "already-settled");
	});
});

describe("a dispute on which a house operator rules", () => {
	let upheld: Delivered;
	let declined: Delivered;
	let disputes: string[];

	test("is the way for content that could be previewed, and holds the reservation", async () => {
		upheld = await delivered(cy, tree);
		declined = await delivered(cy, parser);
		await refused(
			settles(cy, "small-content-dispute", tree.id, upheld.deliver, { auto_refund: true }),
			422,
			"not-small-content",
		);
		const disputing = async () => {
			disputes = [
				(await settles(cy, "dispute", tree.id, upheld.deliver, { dispute_type: "content_mismatch" })).id,
				(await settles(cy, "dispute", parser.id, declined.deliver, { dispute_type: "quality_inadequate" }))
					.id,
			];
		};
		expect(await moved(disputing)).toEqual({});
		expect(await orderOf(upheld.buy)).toMatchObject({
			status: "disputed",
			waiting: expect.arrayContaining([
				expect.objectContaining({ who: "operator", operations: ["exchange:settle/verdict"] }),
			]),
		});
		await refused(settles(cy, "complete", tree.id, upheld.deliver), 409, "already-settled");
	});

	test("hears both sides, and nobody else", async () => {
		const [mismatch] = disputes;
		const said = [];
		for (const [who, reason] of [
			[cy, "It proves inclusion and says nothing of consistency."],
			[ada, "Consistency begins at its line 120."],
			[cy, "That line is a comment."],
		] as const)
			said.push((await settles(who, "evidence", tree.id, mismatch!, { reason })).id);
		await refused(
			settles(eve, "evidence", tree.id, mismatch!, { reason: "I have seen better." }),
			403,
			"not-yours",
		);
		const { timeline } = await orderOf(upheld.buy);
		expect(timeline.map(({ id }) => id).slice(-3)).toEqual(said);
	});

	test("is not ruled on by its parties, even by one who is a house operator", async () => {
		const ruling = { verdict: "declined", reason: "My goods are good." };
		const rules = () => settles(ada, "verdict", tree.id, disputes[0]!, ruling);
		await refused(rules(), 403, "sender-not-allowed");
		const role = { subject: keyOf(ada), role: "operator", reason: "For this morning." };
		await vera.send("operator:grant", role);
		await refused(rules(), 403, "party-to-dispute");
		await vera.send("operator:revoke", role);
	});

	test("accepted, returns the price, costs the seller five points, and takes the entry out", async () => {
		const held = upheld.price * MICRO;
		const ruling = async () => {
			const reason = "What was described is not what was delivered.";
			const verdict = { verdict: "accepted", reason };
			const { id } = await settles(vera, "verdict", tree.id, disputes[0]!, verdict);
			signals.unshift({ signal: "disputeUpheld", delta: -5, message_id: id });
			orders.set(upheld.buy, "refunded");
		};
		expect(await moved(ruling)).toEqual({ "cy's held": -held, "cy's hot": held });
		expect(await reputation()).toMatchObject({ score: 43, signals });
		expect(await entryOf(tree)).toMatchObject({ status: "removed", price: null });
		expect(await found(tree.put.description)).not.toContain(tree.id);
	});

	test("declined, pays the seller as a sale does, and leaves the reputation as it was", async () => {
		const { price } = declined;
		const ruling = async () => {
			const verdict = { verdict: "declined", reason: "It parses what it says it parses." };
			await settles(vera, "verdict", parser.id, disputes[1]!, verdict);
			orders.set(declined.buy, "completed");
		};
		expect(await moved(ruling)).toEqual({
			"cy's held": -price * MICRO,
			"ada's hot": percent(50, price),
			burned: percent(2, price),
			treasury: percent(48, price),
		});
		expect(await reputation()).toMatchObject({ score: 43, signals });
	});

	test("is ruled on once", async () => {
		const verdict = { verdict: "accepted", reason: "On second thoughts." };
		for (const [entry, dispute] of [
			[tree.id, disputes[0]!],
			[parser.id, disputes[1]!],
		] as const)
			await refused(settles(vera, "verdict", entry, dispute, verdict), 409, "already-settled");
	});
});

describe("more than a budget or a purse holds", () => {
	const task = "the day, hour and ISO week of an instant in UTC";

	test("is not bought on one match: what is accepted of it stays within its budget together", async () => {
		const quote = await asks(cy, task, 1_500);
		const prices = new Map(quote.results.map(({ entry_id, price }) => [entry_id, price]));
		expect(prices.get(week.id)! + prices.get(day.id)!).toBeGreaterThan(1_500);
		const { reply } = await settles(cy, "buyer-accept", day.id, quote.match);
		await refused(settles(cy, "buyer-accept", week.id, quote.match), 409, "budget-spent");
		const { id } = await settles(cy, "complete", day.id, reply!.id);
		signals.unshift({ signal: "sale", delta: 1, message_id: id });
		orders.set(quote.buy, "completed");
	});

	test("is not asked for, and not accepted once the scrip was spent elsewhere", async () => {
		const [one, other] = [await asks(dee, task, 1_500), await asks(dee, task, 1_500)];
		await settles(dee, "buyer-accept", day.id, one.match);
		orders.set(one.buy, "delivered");
		orders.set(other.buy, "quoted");
		await refused(settles(dee, "buyer-accept", week.id, other.match), 402, "short-of-scrip");
		await refused(asks(dee, task, 1_500), 402, "short-of-scrip");
	});
});

describe("what nobody has", () => {
	test("is answered by an empty match, and wanted from then on, once for all who ask the same", async () => {
		const task = "the tides of Porto Covo in March 1873";
		for (const [asker, words] of [
			[bob, task],
			[cy, task.toUpperCase()],
		] as const) {
			const { buy, results } = await asks(asker, words, 70);
			expect(results).toEqual([]);
			orders.set(buy, "empty");
		}
		const { items } = await reads<{ items: unknown[] }>("/api/wanted");
		expect(items).toMatchObject([{ task: task.toUpperCase(), budget: 70, misses: 2, askers: 2 }]);
	});
});

describe("a quote", () => {
	test("has expired when the exchange has slept past it, and who was signed in still is", async () => {
		await configured({ "exchange.quote_minutes": 1 });
		const quote = await asks(bob, day.put.description, 2_000);
		expect(await exchange.stop()).toBe(0);
		exchange = await exchange.again({ CLOCK_START: new Date(Date.now() + 2 * 60_000).toISOString() });
		await refused(settles(bob, "buyer-accept", day.id, quote.match), 409, "quote-expired");
		orders.set(quote.buy, "expired");
		expect((await ada.read(week.id)).payload.content).toBe(week.put.content);
	});
});

describe("at the end of the day", () => {
	test("every order says what became of it", async () => {
		for (const [buy, status] of orders) expect(await orderOf(buy)).toMatchObject({ buy_id: buy, status });
		const { items } = await reads<{ items: Logged[] }>("/api/messages?tag=exchange:buy");
		expect(items.map(({ id }) => id).sort()).toEqual([...orders.keys()].sort());
	});

	test("the inventory holds what was put, less what was taken out, with what was sold of it", async () => {
		const { items } = await reads<{ items: object[] }>(`/api/entries?seller=${keyOf(ada)}`);
		expect(items).toMatchObject([
			{ entry_id: day.id, sales: 1, buyers: 1 },
			{ entry_id: week.id, sales: 0, buyers: 0 },
			{ entry_id: parser.id, sales: 1, buyers: 0 },
			{ entry_id: stemmer.id, sales: 1, buyers: 1 },
		]);
		for (const one of [stemmer, parser, tree, week, day])
			expect(JSON.stringify(await entryOf(one))).not.toContain(one.put.content.slice(0, 60));
	});

	test("the seller's reputation is the sum of what moved it, each with its message", async () => {
		const { score, signals: listed } = await reputation();
		expect(listed).toMatchObject(signals);
		expect(listed).toHaveLength(signals.length);
		expect(score).toBe(signals.reduce((sum, { delta }) => sum + delta, 50));
		expect(await reads(`/api/agents/${keyOf(ada)}`)).toMatchObject({
			key: keyOf(ada),
			reputation: { score },
		});
	});

	test("everybody is known by what they did, and Eve, who was refused everything, is not known at all", async () => {
		expect(await reads(`/api/agents/${keyOf(vera)}`)).toMatchObject({ roles: ["operator"], standing: false });
		expect(await reads(`/api/agents/${keyOf(bob)}`)).toMatchObject({ roles: [], standing: true });
		await refused(eve.reads(`/api/agents/${keyOf(eve)}`), 404, "unknown-agent");
		const { items } = await reads<{ items: Logged[] }>(`/api/messages?sender=${keyOf(eve)}`);
		expect(items).toEqual([]);
	});

	test("every purse is the sum of its ledger, and every scrip issued is in a purse, the treasury or burned", async () => {
		for (const who of [ada, bob, cy, dee]) {
			const { purses, items } = await ledger(who);
			for (const [purse, amount] of Object.entries(purses))
				expect(items.filter((item) => item.purse === purse).reduce((sum, item) => sum + item.amount, 0)).toBe(
					amount,
				);
		}
		const { issued, burned, treasury, agents } = await totals();
		expect(issued).toBe(1_121_500 * MICRO);
		expect(burned + treasury + agents).toBe(issued);
	});

	test("the log makes exactly these views, and makes them again while the exchange goes on", async () => {
		const equal = { code: 0, said: expect.stringMatching(/^Equal: \d+ messages/) };
		const before = await views();
		expect(await exchange.run("verify")).toEqual(equal);
		expect(await exchange.run("rebuild")).toEqual({ code: 0, said: expect.stringMatching(/^Rebuilt: /) });
		expect(await views()).toEqual(before);

		await vera.send("scrip:mint", { recipient: keyOf(dee), amount: 1_500, reference: "another day" });
		const { results } = await asks(dee, week.put.description, 1_500);
		expect(results.map(({ entry_id }) => entry_id)).toContain(week.id);
		expect(await exchange.run("verify")).toEqual(equal);
	});
});

// ── who and what ─────────────────────────────────────────────────────────────────────────────────────────────

/** A key that nobody has seen, signed in. */
async function comes(): Promise<Exchange> {
	const agent = await client.connect(exchange.url, client.newKey());
	await agent.session();
	return agent;
}

function keyOf(agent: Exchange): string {
	return agent.me!.key;
}

function hashOf(content: string): string {
	return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

type Goods = ReturnType<typeof goods>;

/** A file of this repository, to be sold; `id` is its newest put. */
function goods(file: string, description: string, token_cost: number) {
	const content = readFileSync(file, "utf8");
	return { id: "", put: { description, content, content_type: "code", token_cost } };
}

/** What is signed in a content's place. */
function detached({ put: { content } }: Goods) {
	return { bytes: Buffer.byteLength(content), sha256: hashOf(content).slice("sha256:".length) };
}

// ── what they do ─────────────────────────────────────────────────────────────────────────────────────────────

/** Ada puts it, and does not wait for the ruling. */
async function puts(goods: Goods): Promise<void> {
	goods.id = (await ada.send("exchange:put", goods.put)).message.id;
}

/** Ada puts it, gets the exchange's ruling, and waits until it can be found by its meaning. */
async function sells(goods: Goods): Promise<Logged> {
	const { message, replies } = await ada.send("exchange:put", goods.put, { wait: 20 });
	goods.id = message.id;
	const ready = async () => {
		const { embedder, index } = await reads<{ embedder: { ready: boolean }; index: { unembedded: number } }>(
			"/api/health",
		);
		return embedder.ready && index.unembedded === 0;
	};
	while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 100));
	return replies[0]!;
}

/** What a house operator's put-accept states. */
async function terms({ id }: Goods, price: number) {
	const { content_hash, tokens } = await reads<{ content_hash: string; tokens: number }>(
		`/api/entries/${id}`,
	);
	const expires_at = new Date(Date.now() + 720 * HOUR_MS).toISOString();
	return { price, content_hash, tokens, expires_at };
}

async function configured(changes: Record<string, number | boolean>): Promise<void> {
	await vera.send("operator:configure", { changes, reason: "For this day." });
}

interface Quote {
	buy: string;
	match: string;
	results: { entry_id: string; seller_key: string; price: number; content_hash: string }[];
}

async function asks(buyer: Exchange, task: string, budget: number): Promise<Quote> {
	const { message, replies } = await buyer.send("exchange:buy", { task, budget }, { wait: 20 });
	const { id, payload } = replies[0]!;
	return { buy: message.id, match: id, results: payload.results as Quote["results"] };
}

/** Says a phase of a settlement: its id, and the exchange's answer where one is due. */
async function settles(
	who: Exchange,
	phase: string,
	entry_id: string,
	antecedent: string,
	more: Record<string, unknown> = {},
): Promise<{ id: string; reply: Logged | undefined }> {
	const operation = `exchange:settle/${phase}`;
	const { message, replies } = await who.send(operation, { entry_id, ...more }, { antecedent, wait: 20 });
	return { id: message.id, reply: replies[0] };
}

/** The exchange says no, and why. */
async function refused(act: Promise<unknown>, status: number, code: string): Promise<void> {
	await expect(act).rejects.toMatchObject({ status, code });
}

interface Delivered {
	buy: string;
	deliver: string;
	price: number;
}

/** From the question to the goods, which are looked at. */
async function delivered(buyer: Exchange, { id, put }: Goods): Promise<Delivered> {
	const { buy, match } = await asks(buyer, put.description, put.token_cost);
	const preview = (await settles(buyer, "preview-request", id, match)).reply!;
	const deliver = (await settles(buyer, "buyer-accept", id, preview.id)).reply!;
	expect(deliver.payload.content).toBe(put.content);
	return { buy, deliver: deliver.id, price: preview.payload.purchase_price as number };
}

// ── what anybody can read ────────────────────────────────────────────────────────────────────────────────────

async function reads<T>(path: string): Promise<T> {
	const response = await fetch(`${exchange.url}${path}`);
	expect(response.status).toBe(200);
	return response.json() as Promise<T>;
}

const entryOf = ({ id }: Goods) => reads<Record<string, unknown>>(`/api/entries/${id}`);
const orderOf = (buy: string) => reads<{ status: string; timeline: Logged[] }>(`/api/orders/${buy}`);
const reputation = () => reads<{ score: number; signals: object[] }>(`/api/agents/${keyOf(ada)}/reputation`);

/** The ids of what a free search finds. */
async function found(text: string): Promise<string[]> {
	const { items } = await reads<{ items: { entry_id: string }[] }>(
		`/api/entries?q=${encodeURIComponent(text)}`,
	);
	return items.map(({ entry_id }) => entry_id);
}

/** Every view that this day has written to, as JSON; of entries what only a message changes, not their age. */
async function views(): Promise<unknown[]> {
	const agents = [ada, bob, cy, dee, vera].map(keyOf);
	const ageless = async (goods: Goods) => {
		const { status, ruled_by, appraisal, accepted_at, sales, buyers, last_prices, gates } =
			await entryOf(goods);
		return { status, ruled_by, appraisal, accepted_at, sales, buyers, last_prices, gates };
	};
	return Promise.all([
		...["/api/wanted", "/api/messages?limit=500"].map(reads),
		...[stemmer, parser, tree, week, day].map(ageless),
		...[...orders.keys()].map(orderOf),
		...agents.flatMap((key) => [`/api/agents/${key}`, `/api/agents/${key}/reputation`]).map(reads),
		...[ada, bob, cy, dee].map(ledger),
	]);
}

// ── where the scrip is ───────────────────────────────────────────────────────────────────────────────────────

interface Ledger {
	purses: Record<string, number>;
	items: { purse: string; amount: number }[];
}

/** In micro-scrip. */
async function ledger(who: Exchange): Promise<Ledger> {
	return (await who.reads(`/api/agents/${keyOf(who)}/ledger?limit=100`)) as Ledger;
}

/** A part of a price in whole scrip. */
function percent(part: number, price: number): number {
	return part * price * (MICRO / 100);
}

/** The sums that the exchange publishes, in micro-scrip. */
async function totals() {
	const text = await (await fetch(`${exchange.url}/api/metrics`)).text();
	const sum = (where: string) =>
		Number(new RegExp(`^wax_scrip_micro{where="${where}"} (\\d+)$`, "m").exec(text)![1]);
	return { issued: sum("issued"), burned: sum("burned"), treasury: sum("treasury"), agents: sum("agents") };
}

async function balances(): Promise<Record<string, number>> {
	const { burned, treasury } = await totals();
	const all: Record<string, number> = { burned, treasury };
	for (const [name, who] of Object.entries({ ada, bob, cy, dee }))
		for (const [purse, amount] of Object.entries((await ledger(who)).purses))
			all[`${name}'s ${purse}`] = amount;
	return all;
}

/** What an act moves, in micro-scrip: every balance that is another afterwards. */
async function moved(act: () => Promise<unknown>): Promise<Record<string, number>> {
	const before = await balances();
	await act();
	const changes = Object.entries(await balances()).map(
		([name, amount]) => [name, amount - before[name]!] as const,
	);
	return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}
