import type { Metadata } from "next";
import { JobForm } from "@/components/job/job-form";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, Notice, PageHead } from "@/components/ui/layout";
import { jobOf } from "@/lib/board/job";
import { headlineOf } from "@/lib/board/said";
import { opened } from "@/lib/doors/opened";
import { id } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { Claim } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";

const QUERY = { need: id().optional() };

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("job"))("title") };
}

/** A job, filled in from a need: a draft until the mesh exists. RULES, "Stranded". */
export default async function Job({ searchParams }: { searchParams: Search }) {
	const [t, common, { locale, zone }, { asked: wish }, { questions, house }] = await Promise.all([
		words("job"),
		words("common"),
		viewing(),
		asked(searchParams, QUERY),
		opened(),
	]);
	const post =
		wish.need === undefined ? undefined : (await questions.posted(wish.need, undefined)).found?.post;
	const now = house.now();
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			{post?.kind !== "need" ? (
				<Empty next={<ButtonLink href="/">{t("board")}</ButtonLink>}>{t("noNeed")}</Empty>
			) : (
				<>
					<div className="mb-5 flex max-w-text flex-col gap-4">
						<Notice tone="risk" title={t("waits.title")}>
							{t("waits.text")}
						</Notice>
						<p>
							{t.rich("from", {
								need: () => (
									<a href={`/posts/${post.post_id}`}>
										<Claim by={common("claimAuthor")}>{headlineOf(post)}</Claim>
									</a>
								),
							})}
						</p>
					</div>
					<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "job")}>
						<JobForm key={post.post_id} need={post.post_id} filled={jobOf(post, now)} now={now} />
					</Speak>
					<SameByApi path={`/api/posts/${post.post_id}/suggestions`} />
				</>
			)}
		</>
	);
}
