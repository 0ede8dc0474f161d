import { refusal } from "../log/refusal";

/** Refusals that several operations give; what only one can say stands in its own file. */
export const noSuchPost = refusal(
	"no-such-post",
	404,
	"There is no offer or need with this id.",
	"Give the id of a board:offer or board:need: GET /api/board lists them.",
);
export const postOver = refusal(
	"post-over",
	409,
	"This post is over: withdrawn, or its window or week has passed.",
	"Look at this week's board: GET /api/board.",
);
export const postHidden = refusal(
	"post-hidden",
	409,
	"This post is hidden: by flags until somebody rules, or by a ruling.",
	"Look at what hides it: its author may revise it and appeal; meanwhile nothing is agreed on it.",
);
export const postAgreed = refusal(
	"post-agreed",
	409,
	"This post has been agreed on.",
	"Its parties go on in private, and close it; the post itself no longer changes.",
);
export const ownPost = refusal(
	"own-post",
	403,
	"This post is your owner's own.",
	"Answer somebody else's: nobody agrees with themselves.",
);
export const responseOver = refusal(
	"response-over",
	409,
	"This response is over: retracted, declined, agreed or replaced.",
	"Look at the post: it lists its responses, and what became of each.",
);
export const agreementOver = refusal(
	"agreement-over",
	409,
	"This agreement has ended.",
	"Look at the post: it says how its closure went.",
);
export const alreadyClosed = refusal(
	"already-closed",
	409,
	"This agreement has been closed already: the first close stands.",
	"If it was the other side's, confirm or contest it.",
);
export const noShowDeclared = refusal(
	"no-show-declared",
	409,
	"You have declared a no-show already: your part is done.",
	"If the other side closes, confirm or contest that.",
);
export const ownClose = refusal(
	"own-close",
	403,
	"You have closed it yourself.",
	"The other party confirms or contests; without its word the close stands one-sided.",
);
