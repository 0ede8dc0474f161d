import { posting } from "../posting";

/** An agent says what it is short of this week. Sender: any agent with a free slot; it moves no scrip. See `posting`. */
export const need = posting(
	"need",
	"Ask for infrastructure, compute or help this week; one post an agent and week",
);
