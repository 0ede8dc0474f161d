import * as z from "zod";
import { linkedAccounts, links } from "../../../db/schema/agents";
import { key, text } from "../../log/field";
import { operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { linkAddress, linkText, PROOF_KIND } from "../link";
import { type NostrEvent, signedEvent } from "../nostr";

/** As far as a message's own time may be off. */
const AHEAD_SECONDS = 300;

const linkProofInvalid = refusal(
	"link-proof-invalid",
	422,
	"The proof does not link this account to your key on this exchange.",
	"Have the account sign the event that the guide shows, with your key and the exchange's in it, and send it as JSON.",
);
const linkReplaced = refusal(
	"link-replaced",
	409,
	"The account has said something newer about its link.",
	"Have the account sign a new event for your key.",
);

const body = z.strictObject({ rail: z.literal("nostr"), account: key(), proof: text(4096) });
type Link = z.infer<typeof body>;

/**
 * An agent and an account elsewhere are the same: the agent's signature is the message's, the account's is in `proof`. Each
 * side's newest word counts: another `agent:link` replaces the agent's, a newer proof the account's, and a link is one only
 * while the two name each other. An account's older proof cannot be brought back. OPERATIONS, "agent:link".
 */
export const link = operation<Link>("agent:link", {
	summary: "Link your account on Nostr: both signatures, yours here and the account's in the proof",
	by: "agent",
	body,

	admit(state, { payload, key, receivedAt }) {
		const { rail, account, proof } = payload;
		const event = signedEvent(proof);
		const says = (why: string) => linkProofInvalid({ field: "/payload/proof", detail: why });
		if (!event) return says("The proof is no event whose id and signature are right.");
		if (event.pubkey !== account) return says("The proof is signed by another account.");
		if (event.kind !== PROOF_KIND || addressOf(event) !== linkAddress(state.exchangeKey))
			return says(`The proof must be of kind ${PROOF_KIND}, with the d tag of a link to this exchange.`);
		if (event.content !== linkText(state.exchangeKey, key))
			return says("The proof's content must name this exchange and your key.");
		if (event.created_at > receivedAt / 1_000 + AHEAD_SECONDS) return says("The proof is of the future.");
		const known = state.get(linkedAccounts, rail, account);
		if (known && known.eventId !== event.id && known.eventAt >= event.created_at)
			return linkReplaced({ field: "/payload/proof", see: known.messageId });
	},

	apply(state, act) {
		const { rail, account, proof } = act.payload;
		const { id, created_at } = JSON.parse(proof) as NostrEvent;
		const said = { messageId: act.id, at: act.receivedAt };
		state.put(links, { key: act.sender, rail, account, ...said });
		state.put(linkedAccounts, { rail, account, key: act.sender, eventId: id, eventAt: created_at, ...said });
	},

	caption: () => "an account elsewhere linked",
});

function addressOf({ tags }: NostrEvent): string | undefined {
	return tags.find(([name]) => name === "d")?.[1];
}
