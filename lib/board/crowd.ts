import * as fc from "fast-check";
import { hides } from "../../db/schema/agents";
import { duties } from "../../db/schema/log";
import { suspendedBy } from "../agents/moderation";
import { type Agent, agent, theExchange } from "../log/given";
import type { JsonObject } from "../log/json";
import type { Act } from "../log/operation";
import { DIGEST } from "./digest";
import {
	type Board,
	closes,
	confirms,
	contests,
	HOUR,
	minted,
	missed,
	operator,
	owned,
	responds,
	vouched,
} from "./given";

/**
 * Random neighbours do random things on a board, legal and not. Most acts point at something real, so that about half of them
 * are legal. What is asked of a board on which they do so, each test says.
 */
export const people = ["ada", "bob", "cyn", "dan", "eve", "fay"].map((name) => agent(name));

/** Draws from what one step was given: small numbers, used up one after another. */
class Dice {
	constructor(private readonly rolls: readonly number[]) {}
	private at = 0;
	below(n: number): number {
		return (this.rolls[this.at++ % this.rolls.length] ?? 0) % n;
	}
	of<T>(all: readonly T[]): T | undefined {
		return all[this.below(Math.max(1, all.length))];
	}
	oneIn(n: number): boolean {
		return this.below(n) === 0;
	}
}

/** The log as somebody reads it who has nothing else. */
export class Reader {
	constructor(readonly board: Board) {}
	private readonly byId = new Map<string, Act>();
	/** Flags that were one too many: they hid what they were on. */
	readonly hid = new Set<string>();
	private read = 0;

	/** Acts logged since the last call. */
	news(): Act[] {
		const fresh = this.board.acts.slice(this.read);
		this.read += fresh.length;
		for (const act of fresh) this.byId.set(act.id, act);
		for (const { saidBy, atFault } of this.board.state.all(hides)) if (atFault === null) this.hid.add(saidBy);
		return fresh;
	}

	get(id: string): Act {
		return this.byId.get(id)!;
	}

	all(...operations: string[]): Act[] {
		return [...this.byId.values()].filter(({ operation }) => operations.includes(operation));
	}

	/** What answers this, by one of these operations. */
	on(id: string, ...operations: string[]): Act[] {
		return this.all(...operations).filter(({ antecedents }) => antecedents[0] === id);
	}

	/** What this one answers. */
	answered(act: Act): Act {
		return this.byId.get(act.antecedents[0]!)!;
	}

	/** The post that this one leads back to. */
	post(act: Act): Act {
		let found = act;
		while (!POSTS.includes(found.operation)) found = this.answered(found);
		return found;
	}

	/** The agree that this one leads back to, or is. */
	agree(act: Act): Act {
		let found = act;
		while (found.operation !== "board:agree") found = this.answered(found);
		return found;
	}
}

export const POSTS = ["board:offer", "board:need"];

/** What every such board begins with. */
export function opening(board: Board): void {
	board.given(
		...people.map((one, n) => minted(one, 20 + 30 * n)),
		owned("dan-and-eve", people[3]!, people[4]!),
		vouched(people[0]!),
		vouched(people[1]!),
		vouched(people[2]!),
	);
}

/** One random act. */
export interface Step {
	what: string;
	rolls: readonly number[];
}

export function play(reader: Reader, { what, rolls }: Step): void {
	steps[what]!(reader, new Dice(rolls));
}

const steps: Record<string, (reader: Reader, dice: Dice) => void> = {
	post({ board }, dice) {
		board.when(board.posts(dice.of(people)!, dice.oneIn(2) ? "offer" : "need", spoken(board, dice)));
	},

	/** Whoever has things in flight changes its key: nothing may come of it. */
	rotate({ board }, dice) {
		board.rotates(dice.of([...people, operator, theExchange])!);
	},

	revise(reader, dice) {
		const post = recent(reader, dice, ...POSTS);
		if (!post) return;
		const more = dice.oneIn(2) ? { region: "US" } : spoken(reader.board, dice);
		reader.board.when(reader.board.revises(mostly(dice, post.sender), post.id, more));
	},

	withdraw(reader, dice) {
		const post = recent(reader, dice, ...POSTS);
		if (post) reader.board.when(mostly(dice, post.sender).says("board:withdraw", {}, post.id));
	},

	respond(reader, dice) {
		const post = recent(reader, dice, ...POSTS, "board:revise");
		if (!post) return;
		const who = dice.of(people)!;
		const own = reader.all(...POSTS).findLast(({ sender }) => sender === who.key);
		const more = {
			...(dice.oneIn(3) && own ? { counter_post: own.id } : {}),
			...(dice.oneIn(5) ? { window: reader.board.window(0, (1 + dice.below(90)) * HOUR) } : {}),
		};
		reader.board.when(responds(who, post.id, more));
	},

	agree: (reader, dice) => answers(reader, dice, "board:agree"),
	decline: (reader, dice) => answers(reader, dice, "board:decline"),
	retract(reader, dice) {
		const response = recent(reader, dice, "board:respond");
		if (response) reader.board.when(mostly(dice, response.sender).says("board:retract", {}, response.id));
	},

	/** All of it as it should be, up to the agree, which may be refused for what is due or too many. */
	deal({ board }, dice) {
		const [author, responder] = [dice.of(people)!, dice.of(people)!];
		const post = board.when(board.posts(author, "need", spoken(board, dice)));
		const response = post.id === undefined ? undefined : board.when(responds(responder, post.id));
		if (response?.id) board.when(author.says("board:agree", {}, response.id));
	},

	/** The terms change, or the zone of the window alone, between the answer and the agree. */
	stale({ board }, dice) {
		const [author, responder] = [dice.of(people)!, dice.of(people)!];
		const post = board.when(board.posts(author, "need", spoken(board, dice)));
		const response = post.id === undefined ? undefined : board.when(responds(responder, post.id));
		if (!response?.id) return;
		const change = dice.of<JsonObject>([
			{ region: "US" },
			{ budget: { cap: "7", unit: "EUR" } },
			{ kind: "offer" },
		])!;
		board.when(board.revises(author, post.id!, change));
		board.when(author.says("board:agree", {}, response.id));
	},

	/** Within a millisecond of when it is too late, before the exchange has said its own end of it. */
	lateWord(reader, dice) {
		const { board } = reader;
		const close = recent(reader, dice, "board:close");
		const confirmBy = close && board.agreement(reader.agree(close).id).confirmBy!;
		if (!confirmBy || confirmBy < board.now) return;
		board.now = confirmBy - 3 + dice.below(4);
		const agree = reader.agree(close);
		const other = [agree.sender, reader.answered(agree).sender].find((key) => key !== close.sender)!;
		board.when((dice.oneIn(2) ? confirms : contests)(known(other), close.id));
	},

	close: (reader, dice) =>
		inDeal(reader, dice, (who, agree) =>
			closes(who, agree, { outcome: dice.of(["done", "partial", "not-done"])! }),
		),
	noShow: (reader, dice) => inDeal(reader, dice, missed),
	note: (reader, dice) =>
		inDeal(reader, dice, (who, agree, other) => {
			const [enc, ciphertext] = [32, 20].map((bytes) => Buffer.alloc(bytes, 5).toString("base64"));
			return who.says(
				"board:note",
				{ to: other.key, sealed: [{ for: other.key, enc: enc!, ciphertext: ciphertext! }] },
				agree,
			);
		}),
	pay: (reader, dice) =>
		inDeal(reader, dice, (who, agree) => who.says("board:pay", { amount: 1 + dice.below(60) }, agree)),

	confirm: (reader, dice) => answersClose(reader, dice, confirms),
	contest: (reader, dice) => answersClose(reader, dice, contests),

	flag(reader, dice) {
		const on = recent(reader, dice, ...POSTS, "board:revise", "board:close");
		if (on) reader.board.when(dice.of(people)!.says("board:flag", { reason: "spam" }, on.id));
	},

	/** The house hides, rules, and is appealed to. */
	hide(reader, dice) {
		const on = recent(reader, dice, ...POSTS);
		if (on) reader.board.when(operator.says("operator:hide", visibility(reader.board, dice), on.id));
	},
	/** What was hidden is shown again; now and then what was not, or what its flags hid. */
	restore(reader, dice) {
		const hidden = recent(reader, dice, "operator:hide");
		const on = dice.oneIn(4) ? recent(reader, dice, ...POSTS) : hidden && reader.answered(hidden);
		if (!on) return;
		const word = visibility(reader.board, dice);
		const same = hidden ? { scope: hidden.payload.scope as string } : {};
		reader.board.when(operator.says("operator:restore", { ...word, ...same }, on.id));
	},
	verdict(reader, dice) {
		const on = recent(reader, dice, "board:contest", "board:flag", "board:appeal");
		if (!on) return;
		const verdict = dice.oneIn(2) ? "accepted" : "declined";
		const by = dice.oneIn(6) ? dice.of(people)! : operator;
		reader.board.when(by.says("operator:verdict", { verdict, reason: "So ruled." }, on.id));
	},
	appeal(reader, dice) {
		const on = recent(reader, dice, "operator:hide", "operator:verdict", "operator:suspend");
		if (on) reader.board.when(dice.of(people)!.says("board:appeal", { text: "Look again." }, on.id));
	},
	suspend({ board }, dice) {
		const [subject, reason] = [dice.of(people)!.key, "So ruled."];
		const until = new Date(board.now + (1 + dice.below(30)) * HOUR).toISOString();
		if (dice.oneIn(2)) board.when(operator.says("operator:suspend", { subject, until, reason }));
		else board.when(operator.says("operator:reinstate", { subject, reason }));
	},

	/** The exchange itself says what is not due, not owed, or by another name. */
	forge(reader, dice) {
		const on = recent(reader, dice, "board:agree", "board:close", "board:contest");
		if (!on) return;
		const outcome = dice.of(["lapsed", "one-sided"])!;
		reader.board.exchangeSays({ operation: "board:lapse", antecedents: [on.id], payload: { outcome } });
	},

	/** Any operation on any message by anybody. */
	nonsense({ board }, dice) {
		const on = dice.of(board.acts)!;
		const [operation, payload] = dice.of<[string, JsonObject]>([
			["board:withdraw", {}],
			["board:respond", { message: "Hm." }],
			["board:retract", {}],
			["board:agree", {}],
			["board:decline", {}],
			["board:close", { outcome: "done", summary: "Hm.", receipts: [] }],
			["board:confirm", {}],
			["board:contest", { reason: "Hm." }],
			["board:no-show", {}],
			["board:pay", { amount: 1 }],
		])!;
		board.when(dice.of(people)!.says(operation, payload, on.id));
	},

	/** Owners come and go, also between a response and its agree. */
	owners({ board }, dice) {
		const [first, one] = [people[3]!, dice.of(people)!];
		const free = [first, one].every(({ key }) => !suspendedBy(board.state, key, board.now));
		if (!free || dice.oneIn(2)) board.when(one.says("agent:profile", {}));
		else board.given(owned("dan-and-eve", first, one));
	},

	soon: ({ board }, dice) => passes(board, dice.below(40) * HOUR),
	later: ({ board }, dice) => passes(board, dice.below(12) * 24 * HOUR),
};

/** Time passes, and each week that ends with it has its digest. */
export function passes(board: Board, ms: number): void {
	board.later(ms);
	for (;;) {
		const due = board.state.all(duties).find((duty) => duty.kind === DIGEST && duty.due <= board.now);
		if (!due || !board.digested(due.subject)) return;
	}
}

function spoken(board: Board, dice: Dice): JsonObject {
	return {
		window: board.window(-HOUR, (1 + dice.below(200)) * HOUR),
		budget: { cap: `${dice.below(3)}`, unit: "scrip" },
	};
}

function visibility(board: Board, dice: Dice) {
	const until = new Date(board.now + (1 + dice.below(90)) * HOUR).toISOString();
	return {
		scope: dice.oneIn(4) ? "payload" : "listing",
		at_fault: dice.oneIn(2),
		reason: "So ruled.",
		...(dice.oneIn(2) ? { until } : {}),
	};
}

function recent(reader: Reader, dice: Dice, ...operations: string[]): Act | undefined {
	const all = reader.all(...operations);
	return dice.of(dice.oneIn(4) ? all : all.slice(-6));
}

function answers(reader: Reader, dice: Dice, operation: string): void {
	const response = recent(reader, dice, "board:respond");
	if (!response) return;
	const author = reader.post(response).sender;
	reader.board.when(mostly(dice, author).says(operation, {}, response.id));
}

/** A party of some agreement says something in it. */
function inDeal(
	reader: Reader,
	dice: Dice,
	says: (who: Agent, agree: string, other: Agent) => ReturnType<Agent["says"]>,
): void {
	const agree = recent(reader, dice, "board:agree");
	if (!agree) return;
	const both = [agree.sender, reader.answered(agree).sender];
	if (dice.oneIn(2)) both.reverse();
	reader.board.when(says(mostly(dice, both[0]!), agree.id, known(both[1]!)));
}

function answersClose(reader: Reader, dice: Dice, says: typeof confirms): void {
	const close = recent(reader, dice, "board:close");
	if (!close) return;
	const agree = reader.agree(close);
	const other = [agree.sender, reader.answered(agree).sender].find((key) => key !== close.sender)!;
	reader.board.when(says(mostly(dice, other), close.id));
}

const known = (key: string): Agent => people.find((one) => one.key === key)!;

function mostly(dice: Dice, key: string): Agent {
	return dice.oneIn(8) ? dice.of(people)! : known(key);
}

const names = Object.keys(steps);
export const step: fc.Arbitrary<Step> = fc.record({
	what: fc.constantFrom(
		...names,
		...["post", "post", "respond", "respond", "respond", "agree", "agree", "deal", "deal", "deal", "deal"],
		...["retract", "retract", "decline", "appeal", "restore"],
		...["close", "close", "confirm", "contest", "noShow", "soon", "soon"],
	),
	rolls: fc.array(fc.nat(9_999), { minLength: 8, maxLength: 8 }),
});
