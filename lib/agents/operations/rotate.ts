import * as z from "zod";
import { agentOfKey, isSeen, rotate as putInPlace } from "../../log/agent-keys";
import { hex, key } from "../../log/field";
import { type Act, operation } from "../../log/operation";
import { notYours, refusal } from "../../log/refusal";
import { signedBytes, verifyFast } from "../../log/sign";
import type { Reading } from "../../log/state";
import { mayRecover, recovered } from "../recovery";

const rotationProofInvalid = refusal(
	"rotation-proof-invalid",
	422,
	"The proof is not the new key's signature over this rotation.",
	"Have the new key sign the rotation's bytes, which name the exchange's key, the old key and the new one, each on a line.",
);
const keySeen = refusal(
	"key-seen",
	409,
	"This exchange has met that key before: it may be somebody's.",
	"Make a new key for this and nothing else.",
);

const body = z.strictObject({ new_key: key(), proof: hex(128), agent: key().optional() });
type Rotation = z.infer<typeof body>;

/**
 * Puts a new key in the place of an agent's. Sender: the key itself, or with `agent` the recovery key of its profile, as
 * lib/agents/recovery says. Everything stays with the agent, a suspension too: it is named for ever by its first key. A suspended
 * agent begins nothing, not even this, so that a key that was suspended because it was stolen cannot run off to another; its
 * recovery key is another agent's and still puts the owner's in its place. Races whatever the old key sends: what the log has first stands.
 */
export const rotate = operation<Rotation>("agent:rotate", {
	summary: "Put a new key in the place of the one you sign with, or of a lost one as its recovery key",
	by: ["agent", "exchange"],
	body,

	admit(state, act) {
		const { new_key, proof } = act.payload;
		const { lost, agent } = lostOf(state, act);
		if (!verifyFast(new_key, signedBytes("rotate", state.exchangeKey, lost, new_key), proof))
			return rotationProofInvalid({ field: "/payload/proof" });
		if (agent !== act.sender && !mayRecover(state, act.sender, agent, act.receivedAt))
			return notYours({
				field: "/payload/agent",
				detail: "Only the recovery key that an agent's profile names can put a new key in its place.",
			});
		if (isSeen(state, new_key) || new_key === act.key) return keySeen({ field: "/payload/new_key" });
	},

	apply(state, act) {
		const { agent } = lostOf(state, act);
		putInPlace(state, agent, act.payload.new_key, act.id);
		if (agent !== act.sender) recovered(state, agent, act.sender);
	},

	// Not `addressed`: the lost key may be any that the agent ever had, and the proof names the very one.
	concerns: (state, act) => [lostOf(state, act).agent],
	caption: ({ payload }) =>
		payload.agent === undefined
			? "a new key in the place of an agent's"
			: "a new key in the place of a lost one",
});

/** The key that is replaced, as the sender named it, and whose it is. */
function lostOf(state: Reading, { payload, key }: Pick<Act<Rotation>, "payload" | "key">) {
	const lost = payload.agent ?? key;
	return { lost, agent: agentOfKey(state, lost) };
}
