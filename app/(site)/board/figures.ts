/** What of a digest is a number of posts or deals, in the order in which it is told. RULES, "Digest". */
export const COUNTED = [
	"posted",
	"answered",
	"matched",
	"closed",
	"late_closures",
	"one_sided",
	"contested",
	"no_show",
	"lapsed",
	"stranded",
] as const;
