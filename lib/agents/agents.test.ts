import { describe, expect, test } from "vitest";
import { agent, Story, theExchange } from "../log/given";
import { sign, signedBytes } from "../log/sign";
import { operations } from "../operations";
import { hasRole, hasStanding, ownerOf } from "./owner";
import { setting } from "./settings";

const olga = agent("olga, house operator");
const otto = agent("otto, house operator");
const ada = agent("ada");
const bob = agent("bob");

const granted = (subject: string, role = "operator", by = olga) =>
	by.says("operator:grant", { subject, role, reason: "known to us" });
const revoked = (subject: string, role = "operator", by = olga) =>
	by.says("operator:revoke", { subject, role, reason: "no more" });
const house = () => new Story(operations).given(granted(olga.key, "operator", theExchange));
const proof = (by: typeof ada, operatorId: string, of: string) =>
	sign(by.secret, signedBytes("operator", theExchange.key, operatorId, of));

test("a message concerns the agents its payload names: whoever is granted to, and whoever may recover a key", () => {
	const concerned = (saying: Parameters<Story["given"]>[0]) => house().given(saying).log.at(-1)!.addressed;
	expect(concerned(granted(ada.key))).toEqual([ada.key]);
	expect(concerned(ada.says("agent:profile", { recovery_key: bob.key }))).toEqual([bob.key]);
	expect(concerned(ada.says("agent:profile", {}))).toEqual([]);
});

describe("roles", () => {
	test("the exchange makes the first house operator, and no vouched agent or moderator", () => {
		expect(hasRole(house().state, olga.key, "operator")).toBe(true);
		expect(house().when(granted(ada.key, "vouched", theExchange))).toMatchObject({
			refused: { code: "sender-not-allowed", status: 403 },
		});
	});
	test("an agent grants nothing, not even to itself", () => {
		expect(house().when(granted(ada.key, "operator", ada))).toMatchObject({
			refused: { code: "sender-not-allowed", status: 403 },
		});
	});
	test("the last house operator cannot be revoked, by herself neither; with a second one she can", () => {
		const story = house();
		expect(story.when(revoked(olga.key))).toMatchObject({ refused: { code: "last-operator", status: 409 } });
		story.given(granted(otto.key), revoked(olga.key, "operator", otto));
		expect(story.when(granted(ada.key))).toMatchObject({ refused: { code: "sender-not-allowed" } });
	});
	test("the exchange revokes also the last, as it made the first", () => {
		const story = house().given(revoked(olga.key, "operator", theExchange));
		expect(hasRole(story.state, olga.key, "operator")).toBe(false);
	});
	test("what is granted or revoked already is said so", () => {
		const story = house().given(granted(ada.key, "vouched"));
		expect(story.when(granted(ada.key, "vouched"))).toMatchObject({
			refused: { code: "already-granted", status: 409 },
		});
		story.given(revoked(ada.key, "vouched"));
		expect(story.when(revoked(ada.key, "vouched"))).toMatchObject({
			refused: { code: "not-granted", status: 409 },
		});
	});
	test("vouched gives the owner standing for all its keys, and a revoke takes it back", () => {
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			bob.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: proof(ada, "adas-fleet", bob.key),
			}),
			granted(ada.key, "vouched"),
		);
		expect(hasStanding(story.state, ownerOf(story.state, bob.key))).toBe(true);
		story.given(revoked(ada.key, "vouched"));
		expect(hasStanding(story.state, ownerOf(story.state, bob.key))).toBe(false);
	});
	test("vouched is taken back from the owner it was given to, also when its first key has left it", () => {
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			bob.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: proof(ada, "adas-fleet", bob.key),
			}),
			granted(ada.key, "vouched"),
			ada.says("agent:profile", { operator_id: "adas-other-fleet" }),
		);
		expect(hasStanding(story.state, "adas-fleet")).toBe(true);
		expect(hasStanding(story.state, "adas-other-fleet")).toBe(false);
		story.given(revoked(ada.key, "vouched"));
		expect(hasStanding(story.state, "adas-fleet")).toBe(false);
	});
	test("vouched for a key that merely joined an owner concerns that key alone", () => {
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			bob.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: proof(ada, "adas-fleet", bob.key),
			}),
			granted(bob.key, "vouched"),
		);
		expect(hasStanding(story.state, "adas-fleet")).toBe(false);
		expect(hasStanding(story.given(bob.says("agent:profile", {})).state, ownerOf(story.state, bob.key))).toBe(
			true,
		);
	});
});

describe("standing", () => {
	let references = 0;
	const minted = (amount: number, to = ada) =>
		olga.says("scrip:mint", { recipient: to.key, amount, reference: `payment ${++references}` });
	const configured = (changes: Record<string, number>) =>
		olga.says("operator:configure", { changes, reason: "Stricter." });

	test("comes with 1,000 scrip minted to an owner against outside references", () => {
		const story = house().given(minted(999));
		expect(hasStanding(story.state, ada.key)).toBe(false);
		expect(hasStanding(story.given(minted(1)).state, ada.key)).toBe(true);
	});
	test("comes with what is minted to any of an owner's keys, while they are its keys", () => {
		const story = house().given(
			minted(400, bob),
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			bob.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: proof(ada, "adas-fleet", bob.key),
			}),
			minted(600),
			minted(399, bob),
		);
		expect(hasStanding(story.state, "adas-fleet")).toBe(false);
		expect(hasStanding(story.given(minted(1, bob)).state, "adas-fleet")).toBe(true);
		expect(hasStanding(story.state, bob.key)).toBe(false);
	});
	test("once had stays, whatever the settings ask for later, and what is proved later is judged by them", () => {
		const story = house().given(minted(1_000), configured({ "agent.standing_scrip": 5_000 }), minted(1));
		expect(hasStanding(story.state, ada.key)).toBe(true);
		expect(hasStanding(story.given(minted(1_000, bob)).state, bob.key)).toBe(false);
	});
	test("outlives a vouching where 1,000 scrip prove it too", () => {
		const story = house().given(
			granted(ada.key, "vouched"),
			minted(1_000),
			granted(bob.key, "vouched"),
			minted(999, bob),
			revoked(ada.key, "vouched"),
			revoked(bob.key, "vouched"),
		);
		expect(hasStanding(story.state, ada.key)).toBe(true);
		expect(hasStanding(story.state, bob.key)).toBe(false);
	});
});

describe("owners", () => {
	test("an operator_id belongs to the key that named it first; naming it alone joins nobody", () => {
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			bob.says("agent:profile", { operator_id: "adas-fleet" }),
		);
		expect(ownerOf(story.state, ada.key)).toBe("adas-fleet");
		expect(ownerOf(story.state, bob.key)).toBe(bob.key);
	});
	test("another key joins by the first one's countersignature over exactly this key", () => {
		const story = house().given(ada.says("agent:profile", { operator_id: "adas-fleet" }));
		const forged = bob.says("agent:profile", {
			operator_id: "adas-fleet",
			operator_proof: proof(ada, "adas-fleet", olga.key),
		});
		expect(story.when(forged)).toMatchObject({
			refused: { code: "operator-proof-invalid", status: 422, field: "/payload/operator_proof" },
		});
		story.given(
			bob.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: proof(ada, "adas-fleet", bob.key),
			}),
		);
		expect(ownerOf(story.state, bob.key)).toBe("adas-fleet");
	});
	test("a countersignature without an operator_id joins nothing", () => {
		expect(house().when(bob.says("agent:profile", { operator_proof: "0".repeat(128) }))).toMatchObject({
			refused: { code: "operator-proof-invalid", status: 422, field: "/payload/operator_proof" },
		});
	});
	test("a later profile without the id leaves the owner: a profile replaces the last one whole", () => {
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			ada.says("agent:profile", { name: "Ada" }),
		);
		expect(ownerOf(story.state, ada.key)).toBe(ada.key);
	});
	test("another agent's key, or a word of the exchange's own, is no operator_id", () => {
		for (const operator_id of [bob.key, "treasury", "exchange"])
			expect(house().when(ada.says("agent:profile", { operator_id }))).toMatchObject({
				refused: { code: "operator-id-reserved", status: 422 },
			});
	});
});

describe("names", () => {
	const named = (name: string) => house().when(ada.says("agent:profile", { name }));

	test.each([
		[
			"the house's own words",
			["operator", "exchange", "treasury", "house operator", "Weekly Agent Exchange"],
		],
		[
			"whatever the case, spacing and punctuation",
			["OPERATOR", "The Exchange", "House-Operator.", "e x c h a n g e", "Operators"],
		],
		[
			"letters of other alphabets drawn alike",
			["ореrаtоr", "ехсhаngе", "Εxchange", "οperator", "ΟΡΕRΑΤΟR", "օperator"],
		],
		["digits and signs read as letters", ["0perator", "3xch4nge", "op€r@tor", "7reasury", "house 0p3rat0r"]],
		[
			"wide, accented, ornamented and small-capital letters",
			["ｏｐｅｒａｔｏｒ", "Ôpérator", "𝓮𝔁𝓬𝓱𝓪𝓷𝓰𝓮", "ⓞⓟⓔⓡⓐⓣⓞⓡ", "🅔🅧🅒🅗🅐🅝🅖🅔", "ᴏᴘᴇʀᴀᴛᴏʀ"],
		],
		["what cannot be seen between the letters", ["oper\u200bator", "ex\u00adchange", "\u202eexchange"]],
		["two letters read as one", ["vveekly agent exchange"]],
	])("cannot be taken: %s", (_, names) => {
		for (const name of names)
			expect([name, named(name)]).toMatchObject([
				name,
				{ refused: { code: "name-reserved", status: 422, field: "/payload/name" } },
			]);
	});
	test("that only speak of an exchange or of operating are anybody's", () => {
		for (const name of [
			"Ada",
			"Recipe exchange",
			"Operator's friend",
			"Cooperator",
			"Ops",
			"交易所",
			"Обмен",
			"!?",
		])
			expect([name, named(name).refused]).toEqual([name, undefined]);
	});
	test("of owners cannot look like the house either", () => {
		for (const operator_id of ["0perator", "the-exchange", "house_operator", "3xchange", "treasury-"])
			expect(house().when(ada.says("agent:profile", { operator_id }))).toMatchObject({
				refused: { code: "operator-id-reserved", status: 422, field: "/payload/operator_id" },
			});
	});
});

describe("settings", () => {
	const configured = (changes: Record<string, number | boolean>, by = olga) =>
		by.says("operator:configure", { changes, reason: "trying" });
	test("are changed by a house operator from the next message on, and by nobody else", () => {
		const story = house().given(configured({ "exchange.quote_minutes": 5, "exchange.auto_accept": false }));
		expect(setting(story.state, "exchange.quote_minutes")).toBe(5);
		expect(setting(story.state, "exchange.auto_accept")).toBe(false);
		expect(story.when(configured({ "exchange.quote_minutes": 6 }, ada))).toMatchObject({
			refused: { code: "sender-not-allowed" },
		});
	});
	test("keep to their bounds and kinds, and all of a message stands or falls together", () => {
		const story = house();
		const field = "/payload/changes/exchange.quote_minutes";
		for (const value of [0, 1_441, 1.5, true])
			expect(
				story.when(configured({ "exchange.order_minutes": 9, "exchange.quote_minutes": value })),
			).toMatchObject({
				refused: { code: "setting-out-of-bounds", status: 422, field },
			});
		expect(setting(story.state, "exchange.order_minutes")).toBe(60);
		expect(story.when(configured({ "exchange.unheard_of": 1 }))).toMatchObject({
			refused: { code: "unknown-setting", status: 422 },
		});
		expect(story.when(configured({ constructor: 1 } as never))).toMatchObject({
			refused: { code: "unknown-setting" },
		});
	});
	test("may not together give back more of a sale than the treasury kept", () => {
		const story = house().given(configured({ "exchange.lambda_bp": 9_000 }));
		expect(story.when(configured({ "exchange.maintenance_bp": 1_001 }))).toMatchObject({
			refused: { code: "settings-contradict", status: 422 },
		});
	});
});
