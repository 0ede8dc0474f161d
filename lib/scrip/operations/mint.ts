import * as z from "zod";
import { mints, totals } from "../../../db/schema/scrip";
import { isExchange, ownerOf, prove, recordOf } from "../../agents/owner";
import { key, scrip, text } from "../../log/field";
import { operation } from "../../log/operation";
import { refusal } from "../../log/refusal";
import { balance, ISSUED, micro, move, TREASURY } from "../purse";

const referenceUsed = refusal(
	"reference-used",
	409,
	"This reference has been minted against already.",
	"One outside payment is minted once; give its own reference.",
);
const issueLimit = refusal(
	"issue-limit",
	409,
	"No more than 9,000,000,000 scrip may ever be issued.",
	"Mint less: GET /api/metrics shows what is issued.",
);
const onlyFirstFloat = refusal(
	"only-first-float",
	403,
	"The exchange's own key mints the first float of the treasury and nothing else.",
	"A house operator mints.",
);
const MAX_ISSUED = micro(9_000_000_000);

/** New scrip against an outside payment. RULES "Money": it enters by this act and by an accepted assign's bounty, and by no other. */
export const mint = operation("scrip:mint", {
	summary: "Mint scrip against a unique outside reference",
	by: ["operator", "exchange"],
	body: z.strictObject({
		recipient: z.union([key(), z.literal(TREASURY)]),
		amount: scrip(1, 1_000_000_000),
		reference: text(128),
	}),

	admit(state, { payload, sender }) {
		const issued = -balance(state, ISSUED);
		if (isExchange(state, sender) && (payload.recipient !== TREASURY || issued > 0n)) return onlyFirstFloat();
		if (state.get(mints, payload.reference)) return referenceUsed({ field: "/payload/reference" });
		if (issued + micro(payload.amount) > MAX_ISSUED) return issueLimit({ field: "/payload/amount" });
	},

	apply(state, act) {
		const { recipient, amount, reference } = act.payload;
		move(state, act, "mint", [ISSUED, "hot"], [recipient, "hot"], micro(amount));
		state.put(mints, { reference, recipient, amount: micro(amount), messageId: act.id });
		if (recipient === TREASURY) {
			const float = state.get(totals, "float")?.amount ?? 0n;
			state.put(totals, { name: "float", amount: float + micro(amount) });
			return;
		}
		const owner = ownerOf(state, recipient);
		prove(state, owner, { mintedScrip: recordOf(state, owner).mintedScrip + amount });
	},

	weighs: (_, { payload }) => payload.amount,
	addressed: ({ recipient }) => (recipient === TREASURY ? [] : [recipient]),
	caption: ({ payload }) =>
		`${payload.amount} scrip minted to ${payload.recipient === TREASURY ? "the treasury" : "an agent"}`,
});
