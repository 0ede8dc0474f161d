import { describe, expect, test } from "vitest";
import { agent, Story, theExchange } from "../log/given";
import { operations } from "../operations";
import { BURNED, balance, micro, TREASURY } from "../scrip/purse";

const [olga, otto, ora] = [agent("olga"), agent("otto"), agent("ora")];
const ada = agent("ada");

const granted = (subject: string, by = olga) =>
	by.says("operator:grant", { subject, role: "operator", reason: "Of the house." });
const house = () =>
	new Story(operations).given(
		granted(olga.key, theExchange),
		granted(otto.key),
		theExchange.says("scrip:mint", { recipient: TREASURY, amount: 1_000_000, reference: "treasury float" }),
	);
const mints = (amount: number, reference = "payment", by = olga) =>
	by.says("scrip:mint", { recipient: ada.key, amount, reference });
const agrees = (to: string, by = otto) => by.says("operator:second", { reason: "I have seen it too." }, to);

/** The id of what a house operator said, which the log has. */
function said(story: Story, saying: Parameters<Story["when"]>[0]): string {
	const { id, refused } = story.when(saying);
	if (refused) throw new Error(refused.detail);
	return id;
}

describe("two house operators", () => {
	test("are needed above the sum: until the second agrees the first word changes nothing", () => {
		const story = house();
		const mint = said(story, mints(50_001));
		expect(balance(story.state, ada.key)).toBe(0n);
		story.given(agrees(mint));
		expect(balance(story.state, ada.key)).toBe(micro(50_001));
		expect(story.log.at(-1)!.addressed.sort()).toEqual([ada.key, olga.key].sort());
		expect(story.tables(story.replayed())).toEqual(story.tables());
	});
	test("are not needed up to it, and for what the exchange does by itself never", () => {
		const story = house();
		const mint = said(story, mints(50_000));
		expect(balance(story.state, ada.key)).toBe(micro(50_000));
		expect(story.when(agrees(mint))).toMatchObject({ refused: { code: "nothing-to-second", status: 409 } });
		expect(balance(story.state, TREASURY)).toBe(micro(1_000_000));
	});
	test("are two: who said it cannot agree to it, under no key, and once is enough", () => {
		const story = house().given(granted(ora.key));
		const mint = said(story, mints(60_000));
		expect(story.when(agrees(mint, olga))).toMatchObject({ refused: { code: "own-act", status: 403 } });
		expect(story.when(agrees(mint, ada))).toMatchObject({ refused: { code: "sender-not-allowed" } });
		const second = said(story, agrees(mint));
		expect(story.when(agrees(mint, ora))).toMatchObject({
			refused: { code: "nothing-to-second", see: second },
		});
	});
	test("judge by what holds when the second agrees: of two acts on one reference one is done", () => {
		const story = house();
		const [one, other] = [said(story, mints(60_000)), said(story, mints(70_000))];
		story.given(agrees(other));
		expect(story.when(agrees(one))).toMatchObject({ refused: { code: "reference-used", status: 409 } });
		expect(balance(story.state, ada.key)).toBe(micro(70_000));
	});
	test("are both of the house when it is done", () => {
		const story = house();
		const mint = said(story, mints(60_000));
		story.given(otto.says("operator:revoke", { subject: olga.key, role: "operator", reason: "Gone." }));
		expect(story.when(agrees(mint))).toMatchObject({ refused: { code: "nothing-to-second" } });
	});
	test("burn what is above the sum, and the sum is a setting", () => {
		const story = house().given(
			olga.says("operator:configure", { changes: { "operator.second_above_scrip": 10 }, reason: "Careful." }),
		);
		const burn = said(story, olga.says("scrip:burn", { amount: 11, reason: "Too many." }));
		expect(balance(story.state, BURNED)).toBe(0n);
		story.given(agrees(burn));
		expect(balance(story.state, BURNED)).toBe(micro(11));
	});
});
