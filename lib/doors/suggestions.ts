import { fitsView } from "../board/fits";
import { jobOf, jobSaid } from "../board/job";
import { postDetail } from "../board/read";
import { taskOf } from "../board/said";
import type { Result } from "../exchange/results";
import type { Hosted } from "./hosted";
import { snapshot } from "./snapshot";

/** Answers that are suggested at most. */
export const MOST_ANSWERS = 5;

type Search = (asked: { q: string; limit: number; min_reputation: number }) => Promise<{
	found: { items: Result[] };
}>;

/**
 * What may help a need that nobody has met: offers by fit, inventory by match, and a job filled in from it. RULES, "Stranded".
 * Undefined for what is no post.
 */
export async function suggested(house: Hosted, search: Search, id: string) {
	const now = house.now();
	const { seq, found } = await snapshot(house.readSql, async (sql) => {
		const post = await postDetail(sql, id, now, house.withheld.by);
		return post && { post, offers: await fitsView(sql, post, now) };
	});
	if (!found) return { seq, found: undefined };
	const { post, offers } = found;
	if (offers === null || post.kind === "offer") return { seq, found: { offers, answers: null, job: null } };
	const { found: inventory } = await search({ q: taskOf(post), limit: MOST_ANSWERS, min_reputation: 0 });
	const job = { ...jobSaid(jobOf(post, now), id, now), waits_for: "mesh" as const };
	return { seq, found: { offers, answers: inventory.items, job } };
}
