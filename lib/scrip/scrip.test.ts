import { describe, expect, test } from "vitest";
import { postings, purses } from "../../db/schema/scrip";
import { agent, Story, theExchange } from "../log/given";
import { operations } from "../operations";
import { BURNED, balance, ISSUED, micro, move, TREASURY } from "./purse";

const olga = agent("olga, house operator");
const ada = agent("ada");

const house = () =>
	new Story(operations).given(
		theExchange.says("operator:grant", { subject: olga.key, role: "operator", reason: "first" }),
	);
const minted = (amount: number, reference: string, recipient = ada.key) =>
	olga.says("scrip:mint", { recipient, amount, reference });

describe("mint", () => {
	test("puts scrip into the recipient's hot purse, and issued goes as far below zero", () => {
		const { state } = house().given(minted(1_000, "invoice 1"));
		expect(balance(state, ada.key)).toBe(micro(1_000));
		expect(balance(state, ISSUED)).toBe(-micro(1_000));
	});
	test("is refused for a reference that was used, whoever it was minted to", () => {
		const story = house().given(minted(5, "invoice 1"));
		expect(story.when(minted(5, "invoice 1", olga.key))).toMatchObject({
			refused: { code: "reference-used", status: 409 },
		});
	});
	test("is refused to anyone but a house operator", () => {
		const story = house();
		const saying = ada.says("scrip:mint", { recipient: ada.key, amount: 1, reference: "mine" });
		expect(story.when(saying)).toMatchObject({ refused: { code: "sender-not-allowed", status: 403 } });
	});
	test("stops at 9,000,000,000 scrip issued in all, to the last one", () => {
		const alone = { "operator.second_above_scrip": 9_000_000_000 };
		const story = house().given(
			olga.says("operator:configure", { changes: alone, reason: "One house operator may mint it all." }),
		);
		for (let n = 0; n < 9; n++) story.given(minted(n < 8 ? 1_000_000_000 : 999_999_999, `block ${n}`));
		expect(story.when(minted(2, "too much"))).toMatchObject({
			refused: { code: "issue-limit", status: 409 },
		});
		expect(story.when(minted(1, "the last one")).refused).toBeUndefined();
	});
	test("by the exchange's own key is the treasury's first float and nothing else", () => {
		const float = (recipient: string, reference: string) =>
			theExchange.says("scrip:mint", { recipient, amount: 1_000, reference });
		const story = new Story(operations);
		expect(story.when(float(ada.key, "a gift"))).toMatchObject({
			refused: { code: "only-first-float", status: 403 },
		});
		expect(story.when(float(TREASURY, "treasury float")).refused).toBeUndefined();
		expect(story.when(float(TREASURY, "again"))).toMatchObject({ refused: { code: "only-first-float" } });
	});
});

describe("a movement", () => {
	const act = { seq: 1, appended: 0 };
	test("of more than a purse holds, or of less than nothing, is a bug, and one of nothing leaves no trace: nobody but `issued` goes below zero", () => {
		const { state } = house().given(minted(5, "invoice 1"));
		const moves = (from: string, amount: bigint) => () =>
			move(state, act, "test", [from, "hot"], [olga.key, "hot"], amount);
		expect(moves(ada.key, micro(5) + 1n)).toThrow("too little");
		for (const nobody of [TREASURY, BURNED, "somebody"]) expect(moves(nobody, 1n)).toThrow("too little");
		expect(moves(ada.key, -1n)).toThrow("negative");
		const before = state.all(postings).length;
		moves(ada.key, 0n)();
		expect(state.all(postings)).toHaveLength(before);
		moves(ISSUED, 1n)();
		expect(balance(state, ISSUED)).toBe(-micro(5) - 1n);
	});
});

describe("burn", () => {
	test("takes from the treasury, and says how much it holds when that is too little", () => {
		const story = house().given(
			minted(100, "float", TREASURY),
			olga.says("scrip:burn", { amount: 40, reason: "too many" }),
		);
		expect(balance(story.state, TREASURY)).toBe(micro(60));
		expect(balance(story.state, BURNED)).toBe(micro(40));
		expect(story.when(olga.says("scrip:burn", { amount: 61, reason: "more" }))).toMatchObject({
			refused: { code: "treasury-short", status: 402, detail: "The treasury holds 60 scrip." },
		});
	});
	test("is refused to an agent", () => {
		const story = house().given(minted(100, "float", TREASURY));
		expect(story.when(ada.says("scrip:burn", { amount: 1, reason: "spite" }))).toMatchObject({
			refused: { code: "sender-not-allowed" },
		});
	});
});

test("all purses together are zero, each is what its postings say, and a replay is equal row by row", () => {
	const story = house().given(
		minted(70, "a"),
		minted(100, "b", TREASURY),
		olga.says("scrip:burn", { amount: 9, reason: "r" }),
	);
	const sums = new Map<string, bigint>();
	for (const { fromOwner, fromPurse, toOwner, toPurse, amount } of story.state.all(postings)) {
		sums.set(`${fromOwner} ${fromPurse}`, (sums.get(`${fromOwner} ${fromPurse}`) ?? 0n) - amount);
		sums.set(`${toOwner} ${toPurse}`, (sums.get(`${toOwner} ${toPurse}`) ?? 0n) + amount);
	}
	const held = story.state.all(purses);
	expect(held.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
	expect(Object.fromEntries(held.map(({ owner, purse, amount }) => [`${owner} ${purse}`, amount]))).toEqual(
		Object.fromEntries(sums),
	);
	expect(story.tables(story.replayed())).toEqual(story.tables());
});
