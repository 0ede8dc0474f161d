import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Flag } from "@/components/board/moderation/flag";
import { Live } from "@/components/frame/live";
import { Reasoned } from "@/components/post/reasoned";
import type { Counter } from "@/components/post/respond-form";
import { PostTerms } from "@/components/post/terms";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Chip, Notice, PageHead, Section, type Tone } from "@/components/ui/layout";
import { visibleLine } from "@/components/ui/visible";
import type { PostState } from "@/lib/board/read";
import { headlineOf, outcomeOf, saidBy } from "@/lib/board/said";
import { write } from "@/lib/board/template/write";
import { opened } from "@/lib/doors/opened";
import type { Posted } from "@/lib/doors/post-questions";
import type { Search } from "../../../asked";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { Claim, ClaimText } from "../../../show/claim";
import { HiddenBy, HiddenWords } from "../../../show/hidden";
import { Moderated } from "../../../show/moderated";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { Timeline } from "../../../show/timeline";
import { stringsOf, viewing, words } from "../../../viewing";
import { Agreement } from "./agreement";
import { Answers } from "./answers";
import { Fits } from "./fits";
import { History } from "./history";
import { Mirrored } from "./mirrored";
import { Responses } from "./responses";
import { roleOf } from "./role";
import { Waits } from "./waits";

type Params = { params: Promise<{ post: string }>; searchParams: Search };

const ID = /^[0-9a-f]{64}$/;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
	const [{ post: id }, { questions }, t] = await Promise.all([params, opened(), words("post")]);
	const found = ID.test(id) ? (await questions.posted(id, undefined)).found : undefined;
	// Of words that the house hides no headline is left.
	return {
		title: visibleLine((found && headlineOf(found.post)) || t(`title.${found?.post.kind ?? "need"}`)),
	};
}

/** A post of the board, from its terms to the last word on it, for its author, for whoever answers, and for anybody. */
export default async function Post({ params, searchParams }: Params) {
	const [
		{ post: id },
		{ answers },
		{ questions, house },
		who,
		t,
		board,
		common,
		moderation,
		{ locale, zone },
	] = await Promise.all([
		params,
		searchParams,
		opened(),
		viewer(),
		words("post"),
		words("board"),
		words("common"),
		words("moderation"),
		viewing(),
	]);
	if (!ID.test(id)) notFound();
	const { seq, found } = await questions.posted(id, who?.key);
	if (!found) notFound();
	const { post, possible } = found;
	const terms = saidBy(post);
	const text = write(terms);
	const role = roleOf(post, who?.key);
	const open = (post.state === "open" || post.state === "answered") && !post.hidden;
	// Its author reads on what the house hides from everybody else.
	const withheld = role !== "author" && post.hidden_by.some(({ scope }) => scope === "payload");
	/** A need that nobody has met. What has waited for a day, or was not met in time, is searched for without being asked to. */
	const wanting = post.kind === "need" && (open || post.state === "stranded" || post.state === "expired");
	const became = outcomeOf(post);
	const flag = found.flagging.of.find(({ target }) => target === id);
	const [revise, withdraw] = (["board:revise", "board:withdraw"] as const).map((operation) =>
		possible.find((one) => one.operation === operation),
	);
	return (
		<Speak
			locale={locale}
			zone={zone}
			strings={await stringsOf("common", "act", "key", "post", "moderation")}
		>
			<PageHead
				title={
					<>
						{withheld ? (
							<span className="text-quiet">{moderation("hidden.title")}</span>
						) : (
							<Claim by={common("claimAuthor")}>{headlineOf(post)}</Claim>
						)}{" "}
						<span className="ml-1 font-normal">
							<Chip>{t(`title.${post.kind}`)}</Chip>{" "}
							<Chip tone={TONES[post.state] ?? "plain"}>
								{became ? board(`outcomes.${became}`) : t(`states.${post.state}`)}
							</Chip>{" "}
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
			>
				{/* Its place is kept, so that nothing moves when it has something to say. */}
				<span className="min-w-28 text-right">
					<Live query={`talk=${id}`} after={seq} />
				</span>
				{revise && !revise.blocked && <ButtonLink href={`/post?revise=${id}`}>{t("acts.revise")}</ButtonLink>}
			</PageHead>
			<div className="flex flex-col gap-3">
				{post.hidden && <Hidden by={post.hidden_by} own={post.author === who?.key} />}
				{who && <Concerned post={post} reader={who.key} />}
				<Waits post={post} role={role} now={house.now()} />
				{withdraw && (
					<Reasoned
						acting={withdraw}
						blocked={withdraw.blocked?.detail}
						weight="loss"
						summary={t("acts.withdraw.summary")}
						label={t("acts.withdraw.label")}
						says={t("acts.withdraw.says")}
					/>
				)}
			</div>
			<div className="grid gap-x-12 lg:grid-cols-[minmax(0,1fr)_19rem]">
				<div className="min-w-0">
					{!withheld && (
						<Section id="terms" title={t("terms.title")}>
							<PostTerms of={terms} />
							<details className="py-2 text-sm">
								<summary className="text-quiet">{t("text")}</summary>
								<div
									className="mt-1 flex items-start gap-2"
									title={common("claimOf", { who: common("claimAuthor") })}
								>
									<Code className="flex-1 overflow-x-auto">{text}</Code>
									<Copy text={text} />
								</div>
							</details>
						</Section>
					)}
					<Responses found={found} reader={who?.key} counters={await countersOf(found, who?.key)} />
					<Agreement found={found} viewer={who} />
					{post.agreement?.close && post.agreement.close.by === who?.key && <Made post={post} />}
					<Fits post={post} fits={found.fits} />
					{wanting && !withheld && (
						<>
							<Answers post={post} asked={answers !== undefined || !open || post.at_risk} />
							<JobDraft post={post} />
						</>
					)}
					<History post={post} />
				</div>
				<Section id="timeline" title={t("timeline")}>
					<div className="pt-3">
						<Timeline events={await eventsOf(found)} />
					</div>
				</Section>
			</div>
			<div className="border-line border-t">
				{flag && (
					<div className="pt-4">
						<Flag
							what="post"
							target={id}
							flaggedBy={flag.flaggedBy}
							blocked={found.flagging.blocked?.detail}
						/>
					</div>
				)}
				<Mirrored post={id} />
				<SameByApi path={`/api/posts/${id}`} />
			</div>
		</Speak>
	);
}

/** RULES, "Stranded": a job, filled in from the need. */
async function JobDraft({ post: { post_id } }: { post: Posted["post"] }) {
	const t = await words("job");
	return (
		<Section id="job" title={t("suggest.title")}>
			<p className="flex flex-wrap items-baseline gap-x-3 gap-y-2 py-3">
				<ButtonLink small href={`/job?need=${post_id}`}>
					{t("suggest.link")}
				</ButtonLink>
				<span className="text-quiet text-sm">{t("suggest.text")}</span>
			</p>
		</Section>
	);
}

/** To everybody that it is hidden, by which words, and until when. */
async function Hidden({ by, own }: { by: Posted["post"]["hidden_by"]; own: boolean }) {
	const t = await words("moderation");
	const scope = by.some((one) => one.scope === "payload") ? "payload" : "listing";
	return (
		<Notice tone="risk" title={t(`hidden.${scope}`)}>
			{by.map((one) => (
				<p key={`${one.message_id} ${one.scope}`}>
					<HiddenBy of={one} here />
				</p>
			))}
			{own && scope === "payload" && <p>{t("hidden.yours")}</p>}
		</Notice>
	);
}

/** To whoever is concerned: what flags and the house said of what they said here, and their appeal. */
async function Concerned({ post, reader }: { post: Posted["post"]; reader: string }) {
	const { questions } = await opened();
	const { found } = await questions.moderated(reader, undefined, WORDS, post.post_id);
	if (found.items.length === 0) return null;
	const [t, freed] = [
		await words("moderation"),
		post.hidden && post.author === reader ? await questions.freed(post.post_id) : undefined,
	];
	return (
		<Section id="moderation" title={t("words.title")}>
			<Moderated of={found.items} reader={reader} freed={freed} />
		</Section>
	);
}

/** Of one post's affairs, the newest so many are shown. */
const WORDS = 50;

/** To whoever closed it: what was made for one may be sold to others. */
async function Made({ post }: { post: Posted["post"] }) {
	const t = await words("post");
	const { title, success_condition, agreement } = post;
	const description = [title ?? headlineOf(post), success_condition].filter(Boolean).join(". ");
	return (
		<Notice title={t("made.title")}>
			<p>{t("made.text")}</p>
			<p className="mt-2">
				<ButtonLink
					small
					href={`/sell?${new URLSearchParams({ description, close: agreement!.close!.close_id })}`}
				>
					{t("made.sell")}
				</ButtonLink>
			</p>
		</Notice>
	);
}

/** The reader's own post of this week that could be matched with this one. */
async function countersOf({ post }: Posted, reader: string | undefined): Promise<Counter[]> {
	if (reader === undefined || reader === post.author) return [];
	const { questions } = await opened();
	const { found } = await questions.posts(reader, undefined, 3);
	return found.items
		.filter(({ kind, state }) => kind !== post.kind && (state === "open" || state === "answered"))
		.map((own) => ({ id: own.post_id, title: headlineOf(own) }));
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
	return said.map(({ id, seq, at, sender, caption, payload, operation, hidden_by: by }) => ({
		id,
		seq,
		at,
		sender,
		says: caption,
		more:
			by !== undefined ? (
				<HiddenWords by={by} />
			) : typeof payload.reason === "string" && operation !== "board:flag" ? (
				<ClaimText by={common("claimSender")}>{payload.reason}</ClaimText>
			) : undefined,
	}));
}
