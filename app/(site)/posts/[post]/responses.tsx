import { ActButton } from "@/components/act/act-button";
import { Flag } from "@/components/board/moderation/flag";
import { Reasoned } from "@/components/post/reasoned";
import { type Counter, RespondForm } from "@/components/post/respond-form";
import { When } from "@/components/post/terms";
import { Chip, Section } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import type { PostDetail } from "@/lib/board/read";
import type { Sayable } from "@/lib/board/sayable";
import type { PossibleSaying, Posted } from "@/lib/doors/post-questions";
import { namesOf } from "../../../names";
import { Agent } from "../../../show/agent";
import { Claim, ClaimText } from "../../../show/claim";
import { HiddenBy } from "../../../show/hidden";
import { Time } from "../../../show/time";
import { viewing, words } from "../../../viewing";

/** Who answered and what became of it, with what this reader may say to each; and one's own answer, where one may give it. */
export async function Responses({
	found: { post, possible, flagging },
	reader,
	counters,
}: {
	found: Posted;
	reader: string | undefined;
	counters: Counter[];
}) {
	const [t, { zone }] = await Promise.all([words("post"), viewing()]);
	const { responses_given: given } = post;
	const respond = possible.find(({ operation }) => operation === "board:respond");
	if (given.length === 0 && !respond) return null;
	return (
		<Section id="responses" title={t("respond.title", { count: given.length })}>
			{given.length > 0 && (
				<ol className="divide-y divide-line">
					{given.map((one) => (
						<li key={one.response_id} id={one.response_id} className="flex flex-col gap-2 py-3">
							<Response post={post} one={one} mine={one.responder === reader} possible={possible} />
							{flagging.of
								.filter(({ target }) => target === one.response_id)
								.map((flag) => (
									<Flag key={flag.target} what="response" {...flag} blocked={flagging.blocked?.detail} />
								))}
						</li>
					))}
				</ol>
			)}
			{respond && (
				<RespondForm
					// Another's answer, shown while one writes, takes nothing of what is written.
					key={given.filter(({ responder }) => responder === reader).length}
					acting={respond}
					blocked={respond.blocked?.detail}
					says={t(`respond.says.${post.kind}`)}
					unit={post.budget.unit}
					zone={zone}
					counters={counters}
					stale={given.some(({ responder, status }) => responder === reader && status === "open")}
				/>
			)}
		</Section>
	);
}

async function Response({
	post,
	one,
	mine,
	possible,
}: {
	post: PostDetail;
	one: PostDetail["responses_given"][number];
	mine: boolean;
	possible: PossibleSaying[];
}) {
	const [t, common, name] = await Promise.all([words("post"), words("common"), namesOf(one.responder)]);
	const { response_id, responder, status, stale, at, message, counter_post_id, hidden_by } = one;
	// Who wrote it reads on; nobody else does here, though what is kept out of lists still stands in the log.
	const told = hidden_by === null || mine;
	const { window, budget } = told ? one : { window: null, budget: null };
	const can = (operation: Sayable["operation"]) =>
		possible.find((act) => act.operation === operation && act.antecedents[0] === response_id);
	const [agree, decline, retract] = [can("board:agree"), can("board:decline"), can("board:retract")];
	const who = name ?? fingerprint(responder);
	return (
		<>
			<p className="flex flex-wrap items-baseline gap-x-2">
				{mine ? common("you") : <Agent of={responder} />}
				<span className="text-quiet text-sm">
					<Time at={at} />
				</span>
				{status !== "open" && <Chip>{t(`respond.statuses.${status as "ended"}`)}</Chip>}
				{status === "open" && stale && <Chip tone="risk">{t("respond.stale")}</Chip>}
			</p>
			{hidden_by && (
				<p>
					<HiddenBy of={hidden_by} here={mine} />
				</p>
			)}
			{told && message !== "" && <ClaimText by={common("claimSender")}>{message}</ClaimText>}
			{(window || budget || counter_post_id) && (
				<ul className="text-sm">
					{window && (
						<li>
							<span className="text-quiet">{t("terms.window")}:</span> <When of={{ tz: post.tz, window }} />
						</li>
					)}
					{budget && (
						<li>
							<span className="text-quiet">{t("terms.budget")}:</span>{" "}
							{t.rich("terms.cap", {
								cap: budget.cap,
								unit: () => <Claim by={common("claimSender")}>{budget.unit}</Claim>,
							})}
						</li>
					)}
					{counter_post_id && (
						<li>
							<a href={`/posts/${counter_post_id}`}>{t("respond.with")}</a>
						</li>
					)}
				</ul>
			)}
			{agree && (
				<ActButton
					acting={agree}
					weight={agree.blocked ? "plain" : "next"}
					label={t("acts.agree.label")}
					says={t("acts.agree.says", { who })}
					why={agree.blocked?.detail}
					look
				/>
			)}
			{decline && (
				<Reasoned
					acting={decline}
					blocked={decline.blocked?.detail}
					summary={t("acts.decline.summary")}
					label={t("acts.decline.label")}
					says={t("acts.decline.says", { who })}
				/>
			)}
			{retract && (
				<ActButton
					acting={retract}
					label={t("acts.retract.label")}
					says={t("acts.retract.says")}
					why={retract.blocked?.detail}
				/>
			)}
		</>
	);
}
