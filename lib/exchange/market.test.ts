import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { orders, settlements } from "../../db/schema/exchange";
import { purses } from "../../db/schema/scrip";
import { ownerOf } from "../agents/owner";
import { theExchange } from "../log/given";
import type { Act } from "../log/operation";
import { ISSUED, micro } from "../scrip/purse";
import { ENDS, firstGoods, opening, play, Reader, type Step, step } from "./crowd";
import { Market } from "./given";
import { DAY_MS, HOUR_MS } from "./rules/day";
import { PREVIEW_TOKENS } from "./rules/plausibility";

/** What the log took of a crowd's doing is audited from the log alone, without asking the views that decided it. */

/** Was it right that the log took this? */
function audit(reader: Reader, act: Act): void {
	const { operation, payload, sender, receivedAt } = act;
	auditReaders(reader, act);
	if (!operation.startsWith("exchange:settle/") || operation.startsWith("exchange:settle/put-")) return;
	const phase = payload.phase as string;
	const match = reader.back(act, "exchange:match");
	const results = match.payload.results as { entry_id: string; price: number }[];
	const put = reader.all("exchange:put").find(({ id }) => id === payload.entry_id)!;
	const offered = results.find(({ entry_id }) => entry_id === payload.entry_id);
	assert(offered, `${phase} of what the match did not offer`);
	const { bytes } = payload.phase === "deliver" ? (payload.content as { bytes: number }) : entryOf(put);
	const small = Math.ceil(bytes / 4) < PREVIEW_TOKENS;

	const buyers = [
		"preview-request",
		"buyer-accept",
		"buyer-reject",
		"complete",
		"dispute",
		"small-content-dispute",
	];
	if (buyers.includes(phase)) assert.equal(sender, reader.buyer(act), `${phase} by somebody else`);
	if (["preview", "deliver", "refund", "auto-complete"].includes(phase))
		assert.equal(sender, theExchange.key);

	if (phase === "preview-request" || phase === "preview") assert(!small, "a preview of small content");
	if (phase === "buyer-accept") auditAccept(reader, act, match, small);
	if (
		["deliver", ...ENDS.map((name) => name.split("/")[1]), "dispute", "small-content-dispute"].includes(phase)
	) {
		const accept = reader.back(act, "exchange:settle/buyer-accept");
		assert.equal(payload.entry_id, accept.payload.entry_id, `${phase} of another entry`);
		assert(!reader.ended.has(accept.id), `${phase} after the order had ended`);
		const same = reader.phase(phase).filter((one) => reader.back(one, accept.operation).id === accept.id);
		assert.deepEqual(
			same.map(({ id }) => id),
			[act.id],
			`a second ${phase}`,
		);
		reader.ends(act);
	}
	if (["complete", "dispute", "small-content-dispute"].includes(phase)) {
		const delivered = reader.back(act, "exchange:settle/deliver");
		assert(receivedAt < delivered.receivedAt + 72 * HOUR_MS, `${phase} too late`);
		const disputed = reader
			.phase("dispute", "small-content-dispute")
			.filter(({ id, antecedents }) => id !== act.id && antecedents[0] === delivered.id);
		assert.equal(disputed.length, 0, `${phase} after a dispute`);
	}
	if (phase === "small-content-dispute") {
		assert(small, "an automatic refund of what could be previewed");
		const lastDay = reader
			.phase(phase)
			.filter((one) => one.sender === sender && one.receivedAt > receivedAt - DAY_MS);
		assert(lastDay.length <= 5, "a sixth automatic refund in 24 hours");
	}
	if (phase === "verdict" || phase === "evidence") {
		const dispute = reader.back(act, "exchange:settle/dispute");
		assert(receivedAt < dispute.receivedAt + 7 * DAY_MS, `${phase} too late`);
		const parties = [reader.buyer(act), put.sender];
		assert.equal(parties.includes(sender), phase === "evidence", `${phase} by the wrong side`);
	}
	if (phase === "auto-complete") {
		const delivered = reader.back(act, "exchange:settle/deliver");
		assert(receivedAt >= delivered.receivedAt + 72 * HOUR_MS, "a silence cut short");
	}
	if (phase === "refund") {
		const on = reader.answered(act);
		const afterMs = { dispute: 7 * DAY_MS, "small-content-dispute": 0 }[on.payload.phase as string];
		assert(afterMs !== undefined, "a refund of what was delivered and not disputed");
		assert(receivedAt >= on.receivedAt + afterMs, "a ruling cut short");
	}
}

/** Goods are for who put or bought them, pieces for who looked at them and the seller; the door adds exchange and operators. */
function auditReaders(reader: Reader, act: Act): void {
	const entitled: Record<string, () => (string | undefined)[]> = {
		"exchange:put": () => [act.sender],
		"exchange:settle/deliver": () => [reader.buyer(act)],
		"exchange:settle/preview": () => [
			reader.buyer(act),
			reader.all("exchange:put").find(({ id }) => id === act.payload.entry_id)?.sender,
		],
	};
	const readers = reader.market.registry.get(act.operation)!.readers?.(reader.market.state, act);
	assert.deepEqual(readers, entitled[act.operation]?.(), `${act.operation} is read by others`);
}

function auditAccept(reader: Reader, act: Act, match: Act, small: boolean): void {
	const { state } = reader.market;
	const on = reader.back(act, small ? "exchange:match" : "exchange:settle/preview");
	assert.equal(act.antecedents[0], on.id, small ? "small content on a preview" : "bought unseen");
	assert.equal((small ? act : on).payload.entry_id, act.payload.entry_id, "another entry than was shown");
	assert(act.receivedAt < match.receivedAt + HOUR_MS, "an expired quote");

	const accepts = reader
		.phase("buyer-accept")
		.filter((one) => reader.back(one, match.operation).id === match.id);
	const spent = accepts.reduce((sum, one) => sum + reader.price(one), 0);
	assert(spent <= (reader.back(match, "exchange:buy").payload.budget as number), "over the budget");
	const same = accepts.filter(({ payload }) => payload.entry_id === act.payload.entry_id);
	assert.equal(same.length, 1, "the same entry twice");

	const owner = ownerOf(state, act.sender);
	reader.owner.set(act.id, owner);
	const open = reader.open().filter(({ id }) => reader.owner.get(id) === owner);
	assert(open.length <= 5, "a sixth open reservation");
	const seller = reader.all("exchange:put").find(({ id }) => id === act.payload.entry_id)!.sender;
	assert.notEqual(ownerOf(state, seller), owner, "an own entry");
}

/** The content of a put, as the log has it. */
function entryOf(put: Act): { bytes: number } {
	return put.payload.content as { bytes: number };
}

/** What must hold of the books after every step. */
function auditBooks(reader: Reader): void {
	const { market } = reader;
	const held = new Map<string, bigint>();
	for (const accept of reader.open())
		held.set(accept.sender, (held.get(accept.sender) ?? 0n) + micro(reader.price(accept)));

	let sum = 0n;
	for (const { owner, purse, amount } of market.state.all(purses)) {
		sum += amount;
		assert(amount >= 0n || owner === ISSUED, `${owner} is below zero`);
		if (purse === "held") assert.equal(amount, held.get(owner) ?? 0n, "held is not what is reserved");
	}
	assert.equal(sum, 0n, "scrip from nowhere");
	assert.equal(market.state.all(settlements).length, reader.ended.size);
	for (const { id, status, endedBy } of market.state.all(orders))
		assert.equal(endedBy ?? undefined, reader.ended.get(id), `an order ${status}`);
}

describe("a market of agents that do what they like", () => {
	test("keeps its books, ends every order once, and lets nobody do what is another's", () => {
		const taken = new Map<string, number>();
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: "max" }), (run) => {
				const market = new Market();
				opening(market);
				const reader = new Reader(market);
				const audited = (one: Step) => {
					play(reader, one);
					for (const act of reader.news()) {
						audit(reader, act);
						taken.set(act.operation, (taken.get(act.operation) ?? 0) + 1);
					}
					auditBooks(reader);
				};
				for (const one of [...firstGoods, ...run]) audited(one);
				market.sound();

				// In the end nothing hangs: every reservation finds its end without anybody's doing.
				audited({ what: "later", rolls: [0] });
				market.later(8 * DAY_MS);
				for (const act of reader.news()) audit(reader, act);
				auditBooks(reader);
				assert.equal(reader.open().length, 0, "a reservation that never ends");
				market.sound();
			}),
			{ numRuns: 200 },
		);

		// A market in which one of these never happens proves nothing about it.
		for (const phase of [
			"preview",
			"buyer-accept",
			"buyer-reject",
			"deliver",
			"complete",
			"auto-complete",
			"small-content-dispute",
			"dispute",
			"evidence",
			"verdict",
			"refund",
		])
			assert((taken.get(`exchange:settle/${phase}`) ?? 0) > 0, `${phase} never happened`);
	});
});
