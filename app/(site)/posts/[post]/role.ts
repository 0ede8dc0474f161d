import type { PostDetail } from "@/lib/board/read";

/** Who looks: somebody who is not signed in may yet turn out to be one of the two. */
export type Role = "author" | "responder" | "reader" | "absent";

/** Of an agreement it is who answered whom, also on the page of the post that was brought along as its counterpart. */
export function roleOf({ author, agreement, responses_given }: PostDetail, reader: string | undefined): Role {
	if (reader === undefined) return "absent";
	if (reader === (agreement?.author ?? author)) return "author";
	if (agreement) return reader === agreement.responder ? "responder" : "reader";
	return responses_given.some(({ responder }) => responder === reader) ? "responder" : "reader";
}
