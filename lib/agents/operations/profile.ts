import * as z from "zod";
import { operatorIds, profiles } from "../../../db/schema/agents";
import { signingKeyOf } from "../../log/agent-keys";
import { claim, hex, key as keyField, list, text } from "../../log/field";
import { operation } from "../../log/operation";
import { signedBytes, verifyFast } from "../../log/sign";
import type { Reading } from "../../log/state";
import { looksLikeTheHouse } from "../lookalike";
import { nameRecovery } from "../recovery";
import { nameReserved, operatorIdReserved, operatorProofInvalid } from "../refusals";

/**
 * Who an agent says it is; replaces the last one whole. The first key to name an `operator_id` owns it; another
 * key joins it by that key's `operator_proof`; without one the id is shown as claimed
 * only, and the key stays its own owner (OPERATIONS, "agent:profile"; RULES, "Standing").
 */
export const profile = operation("agent:profile", {
	summary: "Say who you are; replaces your last profile whole",
	by: "agent",
	body: z.strictObject({
		name: text(80).optional(),
		kind: z.enum(["human", "agent", "service"]).meta(claim).optional(),
		operator_id: z
			.string()
			.regex(/^[a-z0-9][a-z0-9_-]{2,63}$/, "must match [a-z0-9][a-z0-9_-]{2,63}")
			.meta(claim)
			.optional(),
		operator_proof: hex(128).optional(),
		about: text(2000).optional(),
		contact: text(200).optional(),
		links: list(text(300), 0, 5).optional(),
		encryption_key: keyField().optional(),
		capabilities: list(text(40), 0, 20).optional(),
		recovery_key: keyField().optional(),
	}),

	admit(state, { payload, sender, key }) {
		const { name, operator_id: operatorId, operator_proof: proof } = payload;
		if (name !== undefined && looksLikeTheHouse(name)) return nameReserved({ field: "/payload/name" });
		if (operatorId === undefined)
			return proof === undefined ? undefined : operatorProofInvalid({ field: "/payload/operator_proof" });
		if (isReserved(operatorId)) return operatorIdReserved({ field: "/payload/operator_id" });
		const first = state.get(operatorIds, operatorId);
		if (!first || first.key === sender || proof === undefined) return undefined;
		// A profile replaces the last one whole: the proof that joined it is said again, whatever keys both have changed to since.
		const before = state.get(profiles, sender);
		if (before?.owner === operatorId && before.profile.operator_proof === proof) return undefined;
		const bytes = signedBytes("operator", state.exchangeKey, operatorId, key);
		if (!verifyFast(signingKeyOf(state, first.key), bytes, proof))
			return operatorProofInvalid({ field: "/payload/operator_proof" });
	},

	apply(state, act) {
		const { operator_id: operatorId, operator_proof: proof } = act.payload;
		const owner =
			operatorId === undefined
				? act.sender
				: owns(state, act.sender, operatorId, proof)
					? operatorId
					: act.sender;
		if (operatorId !== undefined && !state.get(operatorIds, operatorId))
			state.put(operatorIds, { operatorId, key: act.sender });
		state.put(profiles, {
			key: act.sender,
			profile: act.payload,
			owner,
			messageId: act.id,
			updatedAt: act.receivedAt,
		});
		nameRecovery(state, act, act.payload.recovery_key);
	},

	addressed: ({ recovery_key: recoveryKey }) => (recoveryKey === undefined ? [] : [recoveryKey]),
	caption: () => "profile changed",
});

function owns(state: Reading, sender: string, operatorId: string, proof: string | undefined): boolean {
	const first = state.get(operatorIds, operatorId);
	return !first || first.key === sender || proof !== undefined;
}

/** Words of the exchange's own and what looks like them, and 64 hex, which would be mistaken for a key that is its own owner. */
function isReserved(operatorId: string): boolean {
	return (
		/^[0-9a-f]{64}$/.test(operatorId) ||
		["issued", "burned"].includes(operatorId) ||
		looksLikeTheHouse(operatorId)
	);
}
