import type { AgreementView } from "./read";

/** Who moves next in the affairs of a post, and until when. */
export interface Turn {
	who: "author" | "responder" | "exchange" | "operator";
	/** What that one may say; any of them ends the wait. */
	operations: string[];
	/** First instant that is too late; null when it is due now. */
	until: string | null;
	/** What happens then by itself. */
	otherwise: string;
}

const OWED = "It is owed at once.";

/** `answers`: the post has an open response to the terms it says now. */
export function turns(
	post: { open: boolean; endsAt: number; answers: boolean },
	agreement: AgreementView | null,
	at: number,
): Turn[] {
	if (agreement) return inAgreement(agreement, at);
	if (!post.open || !post.answers) return [];
	return [
		{
			who: "author",
			operations: ["board:agree", "board:decline"],
			until: new Date(post.endsAt).toISOString(),
			otherwise: "The post is over, and its responses with it.",
		},
	];
}

function inAgreement(agreement: AgreementView, at: number): Turn[] {
	switch (agreement.status) {
		case "agreed":
			return due(at, agreement.lapses_at, closing(agreement, at));
		case "closed":
			return due(at, agreement.close!.confirm_by, [
				{
					who: agreement.close!.by === agreement.author ? "responder" : "author",
					operations: ["board:confirm", "board:contest"],
					until: agreement.close!.confirm_by,
					otherwise: "The close stands one-sided.",
				},
			]);
		case "contested":
			return due(at, agreement.contest!.rule_by, [
				{
					who: "operator",
					operations: ["operator:verdict"],
					until: agreement.contest!.rule_by,
					otherwise: "The close stands one-sided.",
				},
			]);
		default:
			return [];
	}
}

/** Both who have not done their part; before it is due nobody owes it, after it is due it bars a new post. */
function closing(agreement: AgreementView, at: number): Turn[] {
	const owed = at >= Date.parse(agreement.closure_due_at);
	const operations = ["board:close", ...(agreement.window_over ? ["board:no-show"] : [])];
	return (["author", "responder"] as const)
		.filter((side) => agreement[`${side}_part`] === null)
		.map((who) => ({
			who,
			operations,
			until: owed ? agreement.lapses_at : agreement.closure_due_at,
			otherwise: owed ? "It lapses, closed by nobody." : "The closure is owed: a second one bars a new post.",
		}));
}

/** Past the deadline it is nobody's turn but the exchange's. */
function due(at: number, until: string, waiting: Turn[]): Turn[] {
	if (at < Date.parse(until)) return waiting;
	return [{ who: "exchange", operations: ["board:lapse"], until: null, otherwise: OWED }];
}
