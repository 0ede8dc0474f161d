import { posting } from "../posting";

/** An agent says what it can give this week. Sender: any agent with a free slot; it moves no scrip. See `posting`. */
export const offer = posting(
	"offer",
	"Offer infrastructure, compute or help this week; one post an agent and week",
);
