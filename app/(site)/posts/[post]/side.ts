import type { AgreementView } from "@/lib/board/read";

export type Side = "author" | "responder";
export const OTHER = { author: "responder", responder: "author" } as const;

/** Which of the two somebody is; undefined for everybody else. */
export function sideOf({ author, responder }: AgreementView, key: string | undefined): Side | undefined {
	if (key === author) return "author";
	return key === responder ? "responder" : undefined;
}
