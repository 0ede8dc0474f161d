import type { PostView } from "@/lib/board/read";

/** What the form of a new post begins with, where it takes the place of a need that found nobody. */
export function anew({ title, success_condition, budget }: PostView): Record<string, string> {
	return {
		kind: "need",
		...(title !== null && { title }),
		...(success_condition !== null && { success: success_condition }),
		cap: budget.cap,
	};
}
