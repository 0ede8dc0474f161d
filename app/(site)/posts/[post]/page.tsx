import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PostTerms } from "@/components/post/terms";
import { Speak } from "@/components/strings/speak";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Chip, PageHead, Section, type Tone } from "@/components/ui/layout";
import type { PostState } from "@/lib/board/read";
import { headlineOf, saidBy } from "@/lib/board/said";
import { write } from "@/lib/board/template/write";
import { opened } from "@/lib/doors/opened";
import type { Posted } from "@/lib/doors/post-questions";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { Claim, ClaimText } from "../../../show/claim";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { Timeline } from "../../../show/timeline";
import { stringsOf, viewing, words } from "../../../viewing";
import { Agreement } from "./agreement";
import { Mirrored } from "./mirrored";
import { roleOf } from "./role";
import { Waits } from "./waits";

type Params = { params: Promise<{ post: string }> };

const ID = /^[0-9a-f]{64}$/;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
	const [{ post: id }, { questions }, t] = await Promise.all([params, opened(), words("post")]);
	const found = ID.test(id) ? (await questions.posted(id)).found : undefined;
	return { title: found ? headlineOf(found.post) : t("title.need") };
}

/** A post of the board, from its terms to the last word on it, for its author, for whoever answers, and for anybody. */
export default async function Post({ params }: Params) {
	const [{ post: id }, { questions, house }, who, t, common, { locale, zone }] = await Promise.all([
		params,
		opened(),
		viewer(),
		words("post"),
		words("common"),
		viewing(),
	]);
	if (!ID.test(id)) notFound();
	const { found } = await questions.posted(id);
	if (!found) notFound();
	const { post } = found;
	const terms = saidBy(post);
	const text = write(terms);
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "post")}>
			<PageHead
				title={
					<>
						<Claim by={common("claimAuthor")}>{headlineOf(post)}</Claim>{" "}
						<span className="ml-1 font-normal">
							<Chip>{t(`title.${post.kind}`)}</Chip>{" "}
							<Chip tone={TONES[post.state] ?? "plain"}>{t(`states.${post.state}`)}</Chip>{" "}
							{post.at_risk && <Chip tone="risk">{t("risk")}</Chip>}
						</span>
					</>
				}
				lead={
					<>
						{t.rich(`lead.${post.kind}`, {
							week: post.week,
							when: () => <Time at={post.at} />,
							who: () => (post.author === who?.key ? common("you") : <Agent of={post.author} />),
						})}
						{post.revisions > 0 && <>, {t("revised", { count: post.revisions })}</>}
					</>
				}
			/>
			<div className="flex flex-col gap-3">
				<Waits post={post} role={roleOf(post, who?.key)} now={house.now()} />
			</div>
			<div className="grid gap-x-12 lg:grid-cols-[minmax(0,1fr)_19rem]">
				<div className="min-w-0">
					<Section id="terms" title={t("terms.title")}>
						<PostTerms of={terms} />
						<details className="py-2 text-sm">
							<summary className="text-quiet">{t("text")}</summary>
							<div className="mt-1 flex items-start gap-2">
								<Code className="flex-1 overflow-x-auto">{text}</Code>
								<Copy text={text} />
							</div>
						</details>
					</Section>
					<Agreement post={post} viewer={who} />
				</div>
				<Section id="timeline" title={t("timeline")}>
					<div className="pt-3">
						<Timeline events={await eventsOf(found)} />
					</div>
				</Section>
			</div>
			<div className="border-line border-t">
				<Mirrored post={id} />
				<SameByApi path={`/api/posts/${id}`} />
			</div>
		</Speak>
	);
}

const TONES: Partial<Record<PostState, Tone>> = {
	stranded: "loss",
	contested: "risk",
	"no-show": "risk",
	agreed: "good",
	closed: "good",
	confirmed: "good",
};

async function eventsOf({ said }: Posted) {
	const common = await words("common");
	return said.map(({ id, seq, at, sender, caption, payload }) => ({
		id,
		seq,
		at,
		sender,
		says: caption,
		more:
			typeof payload.reason === "string" ? (
				<ClaimText by={common("claimSender")}>{payload.reason}</ClaimText>
			) : undefined,
	}));
}
