import { type Line, Rows } from "@/components/board/rows";
import { visible } from "@/components/ui/visible";
import type { Fits } from "@/lib/board/fits";
import { headlineOf, outcomeOf } from "@/lib/board/said";
import type { PostView } from "@/lib/doors/board-questions";
import { formats, words } from "../../viewing";

/** One side of the board: a line a post, what it is, when it may happen, and how much of the other side fits it. */
export async function PostLines({
	caption,
	posts,
	fits,
}: {
	caption: string;
	posts: PostView[];
	fits: ReadonlyMap<string, Fits>;
}) {
	const [t, states, common, format] = await Promise.all([
		words("board"),
		words("post"),
		words("common"),
		formats(),
	]);
	return (
		<Rows
			caption={caption}
			claim={common("claimOf", { who: common("claimAuthor") })}
			heads={[t("head.post"), t("head.when"), t("head.budget")]}
			lines={posts.map(lineOf)}
		/>
	);

	function lineOf(post: PostView): Line {
		const [from, to] = [Date.parse(post.window_starts_at), Date.parse(post.window_ends_at)];
		const state = stateOf(post);
		return {
			id: post.post_id,
			what: visible(cut(headlineOf(post), 100)),
			...(post.title !== null && { more: visible(cut(headlineOf({ resources: post.resources }), 80)) }),
			where: visible(cut(post.region, 40)),
			when: format.dateTimeRange(new Date(from), new Date(to), WINDOW),
			from,
			to,
			cap: capOf(post),
			...fitting(post),
			...(state !== undefined && { state }),
			...(post.at_risk && { risk: true }),
		};
	}

	/** Nothing of what is simply open. */
	function stateOf(post: PostView): string | undefined {
		const { at_risk, state, responses } = post;
		const outcome = outcomeOf(post);
		if (at_risk) return `! ${states("risk")}`;
		if (state === "open") return undefined;
		if (state === "answered") return t("answers", { count: responses });
		return outcome === null ? states(`states.${state}`) : t(`outcomes.${outcome}`);
	}

	function capOf({ kind, budget: { cap, unit } }: PostView): string {
		if (Number(cap) === 0) return t("free");
		return `${kind === "need" ? "≤ " : ""}${cap} ${visible(unit)}`;
	}

	function fitting({ post_id, kind }: PostView): { fits?: string } {
		const found = fits.get(post_id);
		if (!found || found.items.length === 0) return {};
		return { fits: t(`fit.${kind}`, { count: found.items.length, more: found.more ? "yes" : "no" }) };
	}
}

/** Whoever writes much fills its own page, not the board's. */
function cut(text: string, most: number): string {
	const signs = [...text];
	return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : text;
}

const WINDOW = {
	weekday: "short",
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;
