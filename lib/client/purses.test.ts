import * as fc from "fast-check";
import { expect, test } from "vitest";
import { purses } from "../../db/schema/scrip";
import * as neighbours from "../board/crowd";
import { Board, DAY } from "../board/given";
import * as traders from "../exchange/crowd";
import { Market } from "../exchange/given";
import { type Story, theExchange } from "../log/given";
import { operations } from "../operations";
import { Agents } from "./agents";
import { operationOf } from "./operation-of";
import { isFolded, Purses, totals } from "./purses";

/** What a reader of the log makes of this story's purses. */
function folded({ acts }: Story): Purses {
	const fold = new Purses(new Agents(theExchange.key));
	for (const act of acts) {
		const said = { ...act, sender: act.key };
		expect(fold.agents.take(said)).toBe(undefined);
		expect(fold.take(said)).toBe(undefined);
	}
	return fold;
}

/** What the exchange itself makes of them; an empty purse is as good as none. */
const held = (story: Story) =>
	Object.fromEntries(
		story.state
			.all(purses)
			.filter(({ amount }) => amount !== 0n)
			.map(({ owner, purse, amount }) => [`${owner}/${purse}`, amount]),
	);
const filled = ({ amounts }: Purses) =>
	Object.fromEntries([...amounts].filter(([, amount]) => amount !== 0n));

test("every operation is folded, or known to move nothing", () => {
	const names = operations.operations.map(({ name }) => name);
	expect(names.filter((name) => !isFolded(name))).toEqual([]);
	for (const { name, tag, phase } of operations.operations) {
		const tags = ["exchange:domain:go", tag, ...(phase ? [`exchange:phase:${phase}`] : [])];
		expect(operationOf({ tags })).toBe(name);
	}
});

test("the purses that follow from the public log are those of the exchange, whatever a crowd of the market did", () => {
	let [followed, sold] = [0, 0];
	fc.assert(
		fc.property(fc.array(traders.step, { minLength: 80, maxLength: 100, size: "max" }), (run) => {
			const story = new Market();
			traders.opening(story);
			const reader = new traders.Reader(story);
			for (const one of [...traders.firstGoods, ...run]) {
				reader.news();
				traders.play(reader, one);
			}
			const fold = folded(story);
			const { issued, burned, treasury, agents } = totals(fold.amounts);
			expect(burned + treasury + agents).toBe(issued);
			if (fold.lost !== undefined) return;
			followed++;
			sold += story.acts.filter(({ operation }) => operation.endsWith("/complete")).length;
			expect(filled(fold)).toEqual(held(story));
		}),
		{ numRuns: 30 },
	);
	// Crowds whose purses were lost, or that sold nothing, would prove nothing.
	expect(followed).toBeGreaterThan(5);
	expect(sold).toBeGreaterThan(5);
});

test("those of a crowd of the board, too", () => {
	let paid = 0;
	fc.assert(
		fc.property(fc.array(neighbours.step, { minLength: 60, maxLength: 70, size: "max" }), (run) => {
			const story = new Board();
			neighbours.opening(story);
			const reader = new neighbours.Reader(story);
			for (const one of run) {
				reader.news();
				neighbours.play(reader, one);
			}
			neighbours.passes(story, 8 * DAY);
			const fold = folded(story);
			expect(fold.lost).toBe(undefined);
			expect(filled(fold)).toEqual(held(story));
			paid += story.acts.filter(({ operation }) => operation === "board:pay").length;
		}),
		{ numRuns: 15 },
	);
	expect(paid).toBeGreaterThan(5);
});

test("what spends more than there is, or settles what nobody bought, is said and not followed", () => {
	const none = { id: "1", seq: 1, sender: "ada", antecedents: ["0"] };
	const says = (tags: string[], payload = {}) =>
		new Purses(new Agents(theExchange.key)).take({ ...none, tags, payload });
	expect(says(["scrip:burn"], { amount: 1 })).toBe("treasury/hot would fall below zero");
	expect(says(["exchange:settle", "exchange:phase:refund"])).toBe("it settles what nobody bought");
	expect(says(["scrip:mint"], { amount: 0.5 })).toBe("it names no amount");
});

test("an operation that this client is older than ends the fold, and says so", () => {
	const fold = new Purses(new Agents(theExchange.key));
	const none = { id: "1", seq: 7, sender: "ada", antecedents: [], payload: {} };
	expect(fold.take({ ...none, tags: ["moon:land"] })).toBe(undefined);
	expect(fold.lost).toBe("message 7 is of an operation that this client does not know");
});
