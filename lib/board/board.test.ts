import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { agreements, debts, neighbours } from "../../db/schema/board";
import { purses } from "../../db/schema/scrip";
import { ownerOf } from "../agents/owner";
import { theExchange } from "../log/given";
import type { Act } from "../log/operation";
import { ISSUED } from "../scrip/purse";
import { opening, POSTS, passes, play, Reader, type Step, step } from "./crowd";
import { Board, DAY, HOUR } from "./given";
import { boundsOf, weekOf } from "./week";
import { instantOf } from "./window";

/** What the log took of a crowd's doing is audited from the log alone, without asking the views that decided it. */

/** What a post says, as its newest revision before `seq` has it. */
function saying(reader: Reader, post: Act, seq: number) {
	const said = reader.on(post.id, "board:revise").filter((one) => one.seq < seq);
	const { payload, operation } = said.at(-1) ?? post;
	const { window, budget, success_condition } = payload as {
		window: { start: string; end: string };
		budget: unknown;
		success_condition?: string;
	};
	const kind = (payload.kind as string | undefined) ?? operation.slice("board:".length);
	const instants = [instantOf(window.start), instantOf(window.end)];
	return { kind, ends: instants[1]!, deal: JSON.stringify([kind, budget, instants, success_condition]) };
}

/** The agree that matched this post, also as a counter post. */
function matchOf(reader: Reader, post: Act): Act | undefined {
	return reader.all("board:agree").find((agree) => {
		const response = reader.answered(agree);
		return reader.post(response).id === post.id || response.payload.counter_post === post.id;
	});
}

/** The newest word before this act, of a house operator or of flags, that keeps what the post says now out of lists. */
function hideOf(reader: Reader, post: Act, act: Act): { atFault: boolean | null } | undefined {
	const said = reader.on(post.id, "board:revise").filter((one) => one.seq < act.seq);
	for (const id of [post.id, ...said.slice(-1).map((one) => one.id)])
		for (const scope of ["payload", "listing"]) {
			const words = reader
				.on(id, "operator:hide", "operator:restore")
				.filter((one) => one.payload.scope === scope && one.seq < act.seq);
			const flagged = scope === "listing" ? flaggedAt(reader, id, act) : undefined;
			const last = words.at(-1);
			if (flagged && flagged.seq > (last?.seq ?? 0)) {
				if (act.receivedAt < flagged.until) return { atFault: null };
				continue;
			}
			if (!last) continue;
			const until = last.payload.until === undefined ? undefined : Date.parse(last.payload.until as string);
			const over = until !== undefined && act.receivedAt >= until;
			if ((last.operation === "operator:hide") !== over) return { atFault: last.payload.at_fault as boolean };
		}
	return undefined;
}

/** When flags hid it last, by what the views say of which were one too many: weights are what other tests are about. */
function flaggedAt(reader: Reader, id: string, act: Act): { seq: number; until: number } | undefined {
	const flag = reader.on(id, "board:flag").findLast((one) => one.seq < act.seq && reader.hid.has(one.id));
	return flag && { seq: flag.seq, until: flag.receivedAt + DAY };
}

function wasFreed(reader: Reader, post: Act, act: Act): boolean {
	return hideOf(reader, post, act)?.atFault === false || freedBefore(reader, post, act);
}

/** Another post of its author's week has taken the place that a hide had given back. */
function freedBefore(reader: Reader, post: Act, act: Act): boolean {
	return reader
		.all(...POSTS)
		.some(
			(one) =>
				one.seq > post.seq &&
				one.seq < act.seq &&
				one.sender === post.sender &&
				weekOf(one.receivedAt) === weekOf(post.receivedAt) &&
				reader.on(post.id, "board:withdraw").length === 0,
		);
}

const BEGINS = ["board:offer", "board:need", "board:respond", "board:flag"];

function isSuspended(reader: Reader, act: Act): boolean {
	const last = reader
		.all("operator:suspend", "operator:reinstate")
		.findLast(({ payload, seq }) => payload.subject === act.sender && seq < act.seq);
	if (last?.operation !== "operator:suspend") return false;
	return act.receivedAt < Date.parse(last.payload.until as string);
}

/** That this act came while the post was open: not agreed, not withdrawn, its window and week not over. */
function assertOpen(reader: Reader, post: Act, act: Act): void {
	const match = matchOf(reader, post);
	assert(!match || match.seq >= act.seq, `${act.operation} after the agree`);
	const [withdrawn] = reader.on(post.id, "board:withdraw");
	assert(!withdrawn || withdrawn.seq >= act.seq, `${act.operation} after the withdrawal`);
	const hidden = hideOf(reader, post, act);
	assert(!hidden || act.operation === "board:revise", `${act.operation} on what is hidden`);
	assert(!freedBefore(reader, post, act), `${act.operation} on a post that another took the place of`);
	const { ends } = saying(reader, post, act.seq);
	assert(act.receivedAt < Math.min(ends, boundsOf(weekOf(post.receivedAt)).end), `${act.operation} too late`);
}

/** Was it right that the log took this? */
function audit(reader: Reader, act: Act): void {
	const { operation, sender, receivedAt, seq, payload } = act;
	const { state } = reader.board;
	const week = weekOf(receivedAt);
	if (BEGINS.includes(operation)) assert(!isSuspended(reader, act), `${operation} by who is suspended`);
	if (POSTS.includes(operation)) {
		const own = reader
			.all(...POSTS)
			.filter((one) => one.sender === sender && weekOf(one.receivedAt) === week);
		// What the house has hidden without its author's fault is given up by the next post.
		const standing = own.filter(
			(one) =>
				reader.on(one.id, "board:withdraw").length === 0 &&
				(one.id === act.id || !wasFreed(reader, one, act)),
		);
		assert.deepEqual(
			standing.map(({ id }) => id),
			[act.id],
			"two posts of one agent in a week",
		);
		const first = own[0]!.receivedAt;
		const replaced = own
			.flatMap((one) => reader.on(one.id, "board:withdraw"))
			.filter((one) => one.receivedAt >= first + 10 * 60_000);
		assert(replaced.length <= 2, "a third replacement");
	}
	if (operation === "board:revise" || operation === "board:withdraw") {
		const post = reader.post(act);
		assert.equal(sender, post.sender, `${operation} by somebody else`);
		assertOpen(reader, post, act);
	}
	if (operation === "board:respond") {
		const post = reader.post(act);
		assertOpen(reader, post, act);
		assert.notEqual(ownerOf(state, sender), ownerOf(state, post.sender), "an answer to one's own owner");
	}
	if (["board:agree", "board:decline", "board:retract"].includes(operation)) {
		const response = reader.answered(act);
		const post = reader.post(response);
		assert.equal(
			sender,
			operation === "board:retract" ? response.sender : post.sender,
			`${operation} by another`,
		);
		assertOpen(reader, post, act);
		const before = reader.on(response.id, "board:agree", "board:decline", "board:retract");
		assert.deepEqual(
			before.map(({ id }) => id),
			[act.id],
			"a second word on a response",
		);
		const later = reader
			.all("board:respond")
			.find(
				(one) => one.seq > response.seq && one.sender === response.sender && reader.post(one).id === post.id,
			);
		assert(!later, `${operation} on a response that another took the place of`);
		if (operation === "board:agree") {
			const counter = response.payload.counter_post;
			for (const one of [post, ...(counter ? [reader.get(counter as string)] : [])]) {
				assertOpen(reader, one, act);
				assert.equal(saying(reader, one, response.seq).deal, saying(reader, one, seq).deal, "stale terms");
			}
			if (counter) {
				const kinds = [post, reader.get(counter as string)].map((one) => saying(reader, one, seq).kind);
				assert.deepEqual([...kinds].sort(), ["need", "offer"]);
			}
		}
	}
	if (IN_DEAL.includes(operation)) auditDeal(reader, act);
	if (operation === "board:digest") {
		const needs = reader
			.all(...POSTS)
			.filter(
				(post) =>
					weekOf(post.receivedAt) === payload.week &&
					saying(reader, post, seq).kind === "need" &&
					reader.on(post.id, "board:withdraw").length === 0 &&
					!matchOf(reader, post) &&
					!freedBefore(reader, post, act) &&
					!hideOf(reader, post, { ...act, receivedAt: boundsOf(payload.week as string).end }),
			);
		assert.deepEqual(
			[...(payload.stranded as string[])].sort(),
			needs.map(({ id }) => id).sort(),
			"stranded",
		);
		const same = reader.all(operation).filter((one) => one.payload.week === payload.week);
		assert.equal(same.length, 1, "a second digest");
		assert(receivedAt >= boundsOf(payload.week as string).end, "a digest of a week that goes on");
	}
}

const IN_DEAL = ["note", "pay", "close", "confirm", "contest", "no-show", "lapse"].map(
	(name) => `board:${name}`,
);

function auditDeal(reader: Reader, act: Act): void {
	const { operation, sender, receivedAt, antecedents } = act;
	const agree = reader.agree(act);
	const response = reader.answered(agree);
	const both = [agree.sender, response.sender];
	const window = response.payload.window as { end: string } | undefined;
	const windowEnds = window ? instantOf(window.end) : saying(reader, reader.post(response), agree.seq).ends;
	const lapses = windowEnds + 72 * HOUR + 14 * DAY;
	const [close, ...others] = reader.on(agree.id, "board:close");
	assert.equal(others.length, 0, "a second close");
	const [contest] = close ? reader.on(close.id, "board:contest") : [];
	const [declared, lapsed] = [reader.on(agree.id, "board:no-show"), reader.on(agree.id, "board:lapse")];

	if (operation === "board:lapse") {
		assert.equal(sender, theExchange.key);
		const on = reader.get(antecedents[0]!);
		const [waited, outcome] = {
			"board:agree": [lapses - on.receivedAt, "lapsed"] as const,
			"board:close": [72 * HOUR, "one-sided"] as const,
			"board:contest": [7 * DAY, "one-sided"] as const,
		}[on.operation]!;
		assert(receivedAt >= on.receivedAt + waited, "a deadline cut short");
		assert.equal(act.payload.outcome, outcome);
		assert.equal(on.id, (contest ?? close ?? agree).id, "a lapse of what was answered");
	} else assert(both.includes(sender), `${operation} by a stranger`);

	if (operation === "board:close") {
		assert(!declared.some((one) => one.sender === sender), "a close by who declared a no-show");
		assert(declared.length < 2 && lapsed.length === 0 && receivedAt < lapses, "a close after the end");
	}
	if (operation === "board:no-show") {
		assert(receivedAt >= windowEnds && receivedAt < lapses, "a no-show at the wrong time");
		assert(!close || close.seq > act.seq, "a no-show after the close");
		assert.equal(declared.filter((one) => one.sender === sender).length, 1, "a second no-show");
	}
	if (operation === "board:confirm" || operation === "board:contest") {
		assert.notEqual(sender, close!.sender, "an answer to one's own close");
		assert(receivedAt < close!.receivedAt + 72 * HOUR, "an answer too late");
		assert.equal(reader.on(close!.id, "board:confirm", "board:contest").length, 1, "a second answer");
	}
}

/** What must hold of books and debts after every step. */
function auditBooks(reader: Reader): void {
	const { state } = reader.board;
	let sum = 0n;
	for (const { owner, amount } of state.all(purses)) {
		sum += amount;
		assert(amount >= 0n || owner === ISSUED, `${owner} is below zero`);
	}
	assert.equal(sum, 0n, "scrip from nowhere");

	const open = new Map<string, number>();
	for (const agreement of state.all(agreements)) {
		for (const [side, owner] of [
			["author", agreement.authorOwner],
			["responder", agreement.responderOwner],
		] as const) {
			const part = agreement[`${side}Part`];
			assert(!part || !state.get(debts, agreement.id, agreement[side]), "a debt of who has acted");
			if (!agreement.endedBy && part !== "no-show") open.set(owner, (open.get(owner) ?? 0) + 1);
		}
	}
	for (const { owner, openAgreements } of state.all(neighbours))
		assert.equal(openAgreements, open.get(owner) ?? 0, "open agreements miscounted");
}

describe("a board on which agents do what they like", () => {
	test("keeps slots, terms, deadlines and books, and ends every agreement", () => {
		const taken = new Map<string, number>();
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: "max" }), (run) => {
				const board = new Board();
				opening(board);
				const reader = new Reader(board);
				const audited = (doing: () => void) => {
					doing();
					for (const act of reader.news()) {
						audit(reader, act);
						taken.set(act.operation, (taken.get(act.operation) ?? 0) + 1);
					}
					auditBooks(reader);
				};
				for (const one of run as Step[]) audited(() => play(reader, one));
				board.sound();

				// In the end nothing hangs: every agreement finds its end without anybody's doing.
				audited(() => passes(board, 45 * DAY));
				assert(board.state.all(agreements).every(({ endedBy }) => endedBy !== null));
				board.sound();
			}),
			{ numRuns: 150 },
		);

		// A board on which one of these never happens proves nothing about it.
		const all = [
			"offer",
			"need",
			"revise",
			"withdraw",
			"respond",
			"retract",
			"decline",
			"agree",
			"digest",
			"flag",
			"appeal",
		];
		for (const operation of ["operator:hide", "operator:restore", "operator:verdict", "operator:suspend"])
			assert((taken.get(operation) ?? 0) > 0, `${operation} never happened`);
		for (const operation of [...all.map((name) => `board:${name}`), ...IN_DEAL])
			assert((taken.get(operation) ?? 0) > 0, `${operation} never happened`);
	});
});
