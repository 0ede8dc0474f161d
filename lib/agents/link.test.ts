import { createHash } from "node:crypto";
import { finalizeEvent, getPublicKey } from "nostr-tools/pure";
import { describe, expect, test } from "vitest";
import { agent, Story, theExchange } from "../log/given";
import { operations } from "../operations";
import { accountOf, linkAddress, linkProof, linkText, PROOF_KIND } from "./link";

const [ada, bob] = [agent("ada"), agent("bob")];
const START = Date.parse("2026-11-16T08:00:00.000Z");

/** An account on Nostr, with the rail's own library. */
function account(name: string) {
	const secret = new Uint8Array(createHash("sha256").update(`account ${name}`).digest());
	const key = getPublicKey(secret);
	return {
		key,
		/** Its proof for an agent; `at`: seconds after the story's beginning. */
		names: (who: typeof ada, at = 0, more: object = {}) =>
			JSON.stringify(
				finalizeEvent({ ...linkProof(theExchange.key, who.key, key, START + at * 1_000), ...more }, secret),
			),
	};
}
const [nadia, nils] = [account("nadia"), account("nils")];
const links = (who: typeof ada, whose: typeof nadia, proof = whose.names(who)) =>
	who.says("agent:link", { rail: "nostr", account: whose.key, proof });
const story = () => new Story(operations, new Date(START).toISOString());
const linked = (of: Story, who: typeof ada) => accountOf(of.state, who.key);

describe("an account elsewhere", () => {
	test("is linked by both signatures: the agent's own, and the account's in a proof that names agent and exchange", () => {
		const told = story().given(links(ada, nadia));
		expect(linked(told, ada)).toBe(nadia.key);
		expect(linked(told, bob)).toBeUndefined();
	});

	test("is linked to nobody by a proof that is not whole, not its own, or says something else", () => {
		const proof = nadia.names(ada);
		const forged = JSON.parse(proof);
		for (const [bad, why] of [
			["not JSON", "no event"],
			["[]", "no event"],
			[JSON.stringify({ ...forged, sig: "0".repeat(128) }), "no event"],
			[JSON.stringify({ ...forged, content: linkText(theExchange.key, bob.key) }), "no event"],
			[JSON.stringify({ ...forged, pubkey: "0".repeat(64) }), "no event"],
			[nils.names(ada), "another account"],
			[nadia.names(ada, 0, { kind: 1 }), "of kind 30078"],
			[nadia.names(ada, 0, { tags: [["d", linkAddress(bob.key)]] }), "d tag"],
			[nadia.names(ada, 0, { tags: [] }), "d tag"],
			[nadia.names(bob), "your key"],
			[nadia.names(ada, 0, { content: linkText(bob.key, ada.key) }), "your key"],
			[nadia.names(ada, 400), "future"],
		] as const)
			expect(story().when(links(ada, nadia, bad)), why).toMatchObject({
				refused: {
					code: "link-proof-invalid",
					status: 422,
					field: "/payload/proof",
					detail: expect.stringContaining(why),
				},
			});
	});

	test("is linked no more once the agent names another account", () => {
		const told = story().given(links(ada, nadia), links(ada, nils));
		expect(linked(told, ada)).toBe(nils.key);
		told.given(links(ada, nadia));
		expect(linked(told, ada)).toBe(nadia.key);
	});

	test("is linked no more once the account names another agent, who has said so here", () => {
		const told = story().given(links(ada, nadia), links(bob, nadia, nadia.names(bob, 1)));
		expect(linked(told, ada)).toBeUndefined();
		expect(linked(told, bob)).toBe(nadia.key);
	});

	test("is not won back by an older proof, nor by one of the same second", () => {
		const told = story();
		const { id } = told.when(links(bob, nadia, nadia.names(bob, 1)));
		for (const at of [0, 1])
			expect(told.when(links(ada, nadia, nadia.names(ada, at)))).toMatchObject({
				refused: { code: "link-replaced", status: 409, field: "/payload/proof", see: id },
			});
		expect(told.given(links(ada, nadia, nadia.names(ada, 2))) && linked(told, ada)).toBe(nadia.key);
	});

	test("is of a kind that its relays replace too", () => {
		// NIP-01: addressable events are those from 30000 on, below 40000.
		expect(PROOF_KIND).toBe(30_078);
	});
});
