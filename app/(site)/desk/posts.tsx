import { ButtonLink } from "@/components/ui/button";
import { Chip, Empty, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { visible } from "@/components/ui/visible";
import type { PostView } from "@/lib/board/read";
import { headlineOf } from "@/lib/board/said";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { Pager } from "../../show/pager";
import { Time } from "../../show/time";
import { words } from "../../viewing";
import { anew } from "../board/anew";
import { type List, PAGE } from "./list";

/** What the reader has posted, this week's first: how it stands, and what comes next. */
export async function Posts({ of: key, before, others }: List) {
	const [{ questions }, t, post] = await Promise.all([opened(), words("desk"), words("post")]);
	const { found } = await questions.posts(key, before, PAGE);
	return (
		<Section id="posts" title={t("posts.title")}>
			{found.items.length === 0 ? (
				<Empty next={<ButtonLink href="/post">{t("posts.post")}</ButtonLink>}>{t("posts.none")}</Empty>
			) : (
				<Table
					caption={t("posts.title")}
					rows={found.items}
					rowKey={({ post_id }) => post_id}
					columns={[
						{
							id: "post",
							names: true,
							head: t("posts.head.post"),
							cell: (one) => (
								<>
									<a href={`/posts/${one.post_id}`} dir="auto" className="headline">
										{visible(headlineOf(one)) || t("posts.hiddenWords")}
									</a>
									<span className="under">
										<span>{post(`title.${one.kind}`)}</span>
										<span>{post(`states.${one.state}`)}</span>
										{one.at_risk && <Chip tone="risk">{post("risk")}</Chip>}
										{one.hidden && <Chip tone="risk">{t("posts.hidden")}</Chip>}
									</span>
									<span className="block text-quiet text-sm">
										<Next of={one} />
									</span>
								</>
							),
						},
						{ id: "week", number: true, head: t("posts.head.week"), cell: ({ week }) => week },
					]}
				/>
			)}
			<Pager
				path="/desk"
				name="posts"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);
}

/** What is still to come of a post, and until when. */
async function Next({ of: post }: { of: PostView }) {
	const t = await words("desk");
	const when = () => <Time at={post.ends_at} />;
	if (post.hidden) return t("posts.next.hidden");
	switch (post.state) {
		case "open":
			return t.rich("posts.next.open", { when });
		case "answered":
			return post.open_responses > 0
				? t.rich("posts.next.choose", { count: post.open_responses, when })
				: t.rich("posts.next.open", { when });
		case "agreed":
		case "closed":
		case "contested":
			return t(`posts.next.${post.state}`);
		case "stranded":
			return t.rich("posts.next.stranded", {
				again: (said) => <a href={`/post?${new URLSearchParams(anew(post))}`}>{said}</a>,
			});
		default:
			return t("posts.next.over");
	}
}
