import { refusal } from "../../../log/refusal";

/** Refusals that several phases of a settlement give; what only one can say stands in its own file. */
export const tooSmallToPreview = refusal(
	"too-small-to-preview",
	422,
	"Content below 500 tokens is not previewed.",
	"Accept it on the match; after delivery a small-content-dispute returns the price.",
);
export const alreadyRejected = refusal(
	"already-rejected",
	409,
	"You have declined this entry of this match.",
	"Choose another result of the match, or buy again.",
);
export const alreadyAccepted = refusal(
	"already-accepted",
	409,
	"You have accepted this entry of this match already.",
	"Follow the order that the accept began.",
);
export const priceMismatch = refusal(
	"price-mismatch",
	422,
	"The price is not the one that was reserved.",
	"Give the price of the reservation, or leave it out.",
);
