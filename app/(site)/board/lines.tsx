import { Chip } from "@/components/ui/layout";
import { type Column, Table } from "@/components/ui/table";
import { visible } from "@/components/ui/visible";
import type { Fits } from "@/lib/board/fits";
import { headlineOf, resourcesOf } from "@/lib/board/headline";
import type { PostView } from "@/lib/doors/board-questions";
import { Claim } from "../../show/claim";
import { formats, words } from "../../viewing";

/** One side of the board: a line a post, what it is, when it may happen, and what of the other side fits it. */
export async function PostLines({
	caption,
	posts,
	fits,
}: {
	caption: string;
	posts: PostView[];
	fits: ReadonlyMap<string, Fits>;
}) {
	const [t, common] = await Promise.all([words("board"), words("common")]);
	const columns: Column<PostView>[] = [
		{
			id: "post",
			names: true,
			head: t("head.post"),
			cell: (post) => (
				<>
					<a href={`/posts/${post.post_id}`} className="headline">
						<Claim by={common("claimSender")}>{headlineOf(post)}</Claim>
					</a>
					<span className="under">
						{post.title !== null && <bdi>{visible(resourcesOf(post.resources))}</bdi>}
						<State post={post} />
					</span>
				</>
			),
		},
		{
			id: "when",
			head: t("head.when"),
			cell: (post) => (
				<>
					<PostWindow from={post.window_starts_at} to={post.window_ends_at} />
					<small dir="auto">{visible(post.region)}</small>
				</>
			),
		},
		{
			id: "budget",
			number: true,
			head: t("head.budget"),
			cell: (post) => (
				<>
					<Budget post={post} />
					<Fitting fits={fits.get(post.post_id)} kind={post.kind} />
				</>
			),
		},
	];
	return <Table caption={caption} rows={posts} rowKey={({ seq }) => seq} columns={columns} folds />;
}

/** What has become of it; nothing of what is simply open. */
export async function State({ post }: { post: PostView }) {
	const t = await words("board");
	if (post.at_risk) return <Chip tone="risk">! {t("states.at-risk")}</Chip>;
	if (post.state === "open") return null;
	if (post.state === "answered") return <Chip>{t("answers", { count: post.responses })}</Chip>;
	return (
		<Chip tone={post.state === "stranded" ? "risk" : "plain"}>
			{post.outcome === null ? t(`states.${post.state}`) : t(`outcomes.${post.outcome}`)}
		</Chip>
	);
}

/** From when to when, in the reader's zone; UTC on hover. */
export async function PostWindow({ from, to }: { from: string; to: string }) {
	const format = await formats();
	const utc = (at: string) => at.slice(0, 16).replace("T", " ");
	return (
		<span title={`${utc(from)} – ${utc(to)} UTC`}>
			{format.dateTimeRange(new Date(from), new Date(to), WINDOW)}
		</span>
	);
}

const WINDOW = {
	weekday: "short",
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;

async function Budget({ post: { kind, budget } }: { post: PostView }) {
	const t = await words("board");
	if (Number(budget.cap) === 0) return t("free");
	const said = `${budget.cap} ${visible(budget.unit)}`;
	return <bdi>{kind === "need" ? `≤ ${said}` : said}</bdi>;
}

async function Fitting({ fits, kind }: { fits: Fits | undefined; kind: PostView["kind"] }) {
	const t = await words("board");
	if (!fits || fits.items.length === 0) return null;
	const { items, more } = fits;
	return <small>{t(`fit.${kind}`, { count: items.length, more: more ? "yes" : "no" })}</small>;
}
