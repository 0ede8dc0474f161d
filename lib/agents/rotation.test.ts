import { describe, expect, test } from "vitest";
import { agentKeys } from "../../db/schema/log";
import { agentOfKey, signingKeyOf } from "../log/agent-keys";
import { type Agent, agent, Story, theExchange } from "../log/given";
import { sign, signedBytes } from "../log/sign";
import { operations } from "../operations";
import { balance, micro } from "../scrip/purse";
import { hasRole, ownerOf } from "./owner";

const olga = agent("olga, house operator");
const [ada, bob, mallory] = [agent("ada"), agent("bob"), agent("mallory")];
const [anew, another, thiefs] = [agent("ada's new key"), agent("ada's third key"), agent("the thief's key")];
const [kept, later] = [agent("ada's recovery key"), agent("a later recovery key")];
const DAY_MS = 86_400_000;

const proofOf = (by: Agent, old: string) =>
	sign(by.secret, signedBytes("rotate", theExchange.key, old, by.key));
const rotates = (by: Agent, to: Agent, old = by.key) =>
	by.says("agent:rotate", { new_key: to.key, proof: proofOf(to, old) });
const recovers = (by: Agent, lost: Agent, to: Agent) =>
	by.says("agent:rotate", { agent: lost.key, new_key: to.key, proof: proofOf(to, lost.key) });
const named = (by: Agent, recovery?: Agent) =>
	by.says("agent:profile", recovery ? { recovery_key: recovery.key } : {});
let references = 0;
const minted = (amount: number, to: Agent) =>
	olga.says("scrip:mint", { recipient: to.key, amount, reference: `payment ${++references}` });
const granted = (to: Agent, role: string, by = olga) =>
	by.says("operator:grant", { subject: to.key, role, reason: "Known to us." });
const suspended = (whom: Agent) => olga.says("operator:suspend", { subject: whom.key, reason: "Stolen." });
const house = () => new Story(operations).given(granted(olga, "operator", theExchange));

describe("agent:rotate", () => {
	test("puts a new key in the old one's place: what the old one says from then on is refused, whatever it is", () => {
		const story = house().given(rotates(ada, anew));
		for (const saying of [named(ada), rotates(ada, another), ada.says("board:confirm", {}, "0".repeat(64))])
			expect(story.when(saying)).toMatchObject({ refused: { code: "key-rotated", status: 401 } });
		expect(story.when(named(anew)).refused).toBeUndefined();
	});
	test("names the agent by its first key for ever, through any number of keys", () => {
		const { state } = house().given(named(ada), rotates(ada, anew), rotates(anew, another));
		for (const one of [ada, anew, another]) expect(agentOfKey(state, one.key)).toBe(ada.key);
		expect(signingKeyOf(state, ada.key)).toBe(another.key);
		expect(state.where(agentKeys, { agent: ada.key })).toHaveLength(3);
	});
	test("needs the new key's own signature over exactly this rotation", () => {
		for (const proof of [
			proofOf(mallory, ada.key),
			proofOf(anew, bob.key),
			sign(anew.secret, signedBytes("session", theExchange.key, ada.key, anew.key)),
			"0".repeat(128),
		])
			expect(house().when(ada.says("agent:rotate", { new_key: anew.key, proof }))).toMatchObject({
				refused: { code: "rotation-proof-invalid", status: 422, field: "/payload/proof" },
			});
	});
	test("takes no key that was ever met: of a sender, of somebody named, of the exchange, or of an agent before", () => {
		const story = house().given(named(bob, kept), minted(5, mallory), rotates(bob, another));
		for (const met of [bob, kept, mallory, olga, another, ada, theExchange])
			expect([met.name, story.when(rotates(ada, met))]).toMatchObject([
				met.name,
				{ refused: { code: "key-seen", status: 409, field: "/payload/new_key" } },
			]);
	});
	test("of two at once the first holds", () => {
		const story = house();
		const [one, other] = [rotates(ada, anew), rotates(ada, thiefs)].map((saying) => story.candidate(saying));
		expect(story.send(one!).refused).toBeUndefined();
		expect(story.send(other!)).toMatchObject({ refused: { code: "key-rotated" } });
	});
	test("of two agents that want the same new key the first has it", () => {
		const story = house().given(rotates(ada, anew));
		expect(story.when(rotates(bob, anew))).toMatchObject({ refused: { code: "key-seen" } });
	});
	test("leaves what the old key said its first answer", () => {
		const story = house();
		const said = story.candidate(named(ada));
		story.send(said);
		story.given(rotates(ada, anew));
		expect(story.send(said)).toMatchObject({ known: said.id });
	});
	test("is nobody else's to say", () => {
		expect(
			house()
				.given(named(ada, kept))
				.when(recovers(mallory, ada, thiefs)),
		).toMatchObject({
			refused: { code: "not-yours", status: 403, field: "/payload/agent" },
		});
	});
	test("replays to the very same state, row by row", () => {
		const story = house().given(
			named(ada, kept),
			minted(9, ada),
			rotates(ada, anew),
			named(anew, later),
			recovers(kept, anew, another),
			minted(7, anew),
		);
		expect(story.tables(story.replayed())).toEqual(story.tables());
	});
});

describe("what follows the agent", () => {
	test("its purse: what is minted to any of its keys is in the one purse it has", () => {
		const story = house().given(minted(5, ada), rotates(ada, anew), minted(3, anew), minted(2, ada));
		expect(balance(story.state, ada.key)).toBe(micro(10));
		expect(balance(story.state, anew.key)).toBe(0n);
		expect(story.log.at(-1)!.addressed).toEqual([ada.key]);
	});
	test("its roles, under whichever key they are granted or taken back", () => {
		const story = house().given(granted(ada, "operator"), rotates(ada, anew));
		expect(hasRole(story.state, ada.key, "operator")).toBe(true);
		story.given(granted(bob, "vouched", anew));
		expect(story.when(granted(anew, "operator"))).toMatchObject({ refused: { code: "already-granted" } });
		story.given(olga.says("operator:revoke", { subject: anew.key, role: "operator", reason: "No more." }));
		expect(story.when(granted(bob, "moderator", anew))).toMatchObject({
			refused: { code: "sender-not-allowed" },
		});
	});
	test("its suspension: it cannot shed it by changing keys, nor change keys while it lasts", () => {
		const story = house().given(rotates(ada, anew), suspended(anew));
		expect(story.when(rotates(anew, another))).toMatchObject({ refused: { code: "suspended" } });
		expect(story.when(named(anew))).toMatchObject({ refused: { code: "suspended" } });
	});
	test("its owner: others join by the countersignature of the key it has now, and by no earlier one", () => {
		const fleet = (by: Agent, of: Agent) =>
			of.says("agent:profile", {
				operator_id: "adas-fleet",
				operator_proof: sign(by.secret, signedBytes("operator", theExchange.key, "adas-fleet", of.key)),
			});
		const story = house().given(
			ada.says("agent:profile", { operator_id: "adas-fleet" }),
			fleet(ada, mallory),
			rotates(ada, anew),
		);
		expect(ownerOf(story.state, ada.key)).toBe("adas-fleet");
		expect(story.when(fleet(ada, bob))).toMatchObject({ refused: { code: "operator-proof-invalid" } });
		story.given(fleet(anew, bob), fleet(ada, mallory));
		expect(ownerOf(story.state, bob.key)).toBe("adas-fleet");
		expect(ownerOf(story.state, mallory.key)).toBe("adas-fleet");
		story.given(rotates(bob, another));
		expect(ownerOf(story.state, bob.key)).toBe("adas-fleet");
	});
});

describe("a recovery key", () => {
	test("puts the owner's new key in the place of a lost one", () => {
		const story = house().given(named(ada, kept), recovers(kept, ada, anew));
		expect(signingKeyOf(story.state, ada.key)).toBe(anew.key);
		expect(agentOfKey(story.state, kept.key)).toBe(kept.key);
	});
	test("signs for nothing else of the agent's", () => {
		const story = house().given(named(ada, kept), minted(5, ada));
		story.given(kept.says("agent:profile", { name: "Kept" }));
		expect(story.when(rotates(kept, anew, ada.key))).toMatchObject({
			refused: { code: "rotation-proof-invalid" },
		});
	});
	test("comes back from a thief who has changed the key already, whichever of the keys it names as lost", () => {
		for (const lost of [ada, thiefs]) {
			const story = house().given(named(ada, kept), rotates(ada, thiefs), recovers(kept, lost, anew));
			expect(story.when(named(thiefs))).toMatchObject({ refused: { code: "key-rotated" } });
			expect(story.when(named(anew)).refused).toBeUndefined();
		}
	});
	test("works also while the agent is suspended, and the suspension stays", () => {
		const story = house().given(named(ada, kept), suspended(ada), recovers(kept, ada, anew));
		expect(story.when(named(anew))).toMatchObject({ refused: { code: "suspended" } });
	});
	test("outlives by seven days the profile that named it: a thief cannot shut the owner out by naming his own", () => {
		const story = house().given(named(ada, kept), named(ada, later));
		story.later(7 * DAY_MS - 2).given(recovers(kept, ada, anew));
		expect(story.when(recovers(later, anew, another))).toMatchObject({ refused: { code: "not-yours" } });
	});
	test("has nothing to say once those days are over", () => {
		const story = house().given(named(ada, kept), named(ada));
		expect(story.later(7 * DAY_MS).when(recovers(kept, ada, anew))).toMatchObject({
			refused: { code: "not-yours" },
		});
	});
	test("that was named later does not annul an earlier one: of two that contend, the older has the last word", () => {
		const story = house().given(
			named(ada, kept),
			named(ada, later),
			recovers(later, ada, thiefs),
			named(thiefs),
			recovers(kept, ada, anew),
		);
		expect(story.when(recovers(later, anew, another))).toMatchObject({ refused: { code: "not-yours" } });
		expect(signingKeyOf(story.state, ada.key)).toBe(anew.key);
	});
	test("that is stolen itself is changed by its own rotation, and goes on being the one that is named", () => {
		const story = house().given(named(ada, kept), rotates(kept, later));
		expect(story.when(recovers(kept, ada, thiefs))).toMatchObject({ refused: { code: "key-rotated" } });
		story.given(recovers(later, ada, anew));
		expect(signingKeyOf(story.state, ada.key)).toBe(anew.key);
	});
});

describe("the exchange's own key", () => {
	test("is changed like any other: it goes on signing under the new one, named by its first for ever", () => {
		const story = house();
		const { key } = theExchange;
		story.exchangeSays({
			operation: "agent:rotate",
			antecedents: [],
			payload: { new_key: anew.key, proof: proofOf(anew, key) },
		});
		const { logged } = story.exchangeSays({
			operation: "operator:grant",
			antecedents: [],
			payload: { subject: bob.key, role: "operator", reason: "Under the new key." },
		});
		expect(logged![0]).toMatchObject({ sender: key, key: anew.key });
		expect(story.when(granted(ada, "operator", theExchange))).toMatchObject({
			refused: { code: "key-rotated" },
		});
		expect(story.tables(story.replayed())).toEqual(story.tables());
	});
});
