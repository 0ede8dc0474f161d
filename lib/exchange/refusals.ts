import { refusal } from "../log/refusal";

/** Refusals that several operations give; what only one can say stands in its own file. */
export const noSuchEntry = refusal(
	"no-such-entry",
	404,
	"There is no entry with this id.",
	"Give the id of the exchange:put, or of the assign-accept that made a derivative.",
);
export const wrongEntry = refusal(
	"wrong-entry",
	422,
	"The entry_id is not the one this message is about.",
	"Repeat the entry_id of the message you answer.",
);
export const entryNotOffered = refusal(
	"entry-not-offered",
	422,
	"This match did not offer that entry.",
	"Choose an entry_id from the results of the match you answer.",
);
export const entryGone = refusal(
	"entry-gone",
	409,
	"The entry has left the inventory.",
	"Buy again: the next match shows what there is.",
);
export const quoteExpired = refusal(
	"quote-expired",
	409,
	"This quote has expired.",
	"Buy again for a new one: a match costs nothing.",
);
export const alreadySettled = refusal(
	"already-settled",
	409,
	"This order has been settled already.",
	"Look at the order: it says which message settled it.",
);
