import { refusal } from "../log/refusal";

export const shortOfScrip = refusal(
	"short-of-scrip",
	402,
	"The hot balance is too low for this.",
	"Earn by putting results or by maintenance work, or have scrip minted; then try again.",
);
