import { RuleBoard } from "@/components/operator/rule-board";
import { Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../../show/agent";
import { Claim, ClaimText } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { Timeline } from "../../show/timeline";
import { words } from "../../viewing";
import { type BoardCaseProps, eventsOf } from "./board-case";
import { BoardParty } from "./board-party";
import { CaseHead } from "./case-head";

interface Close {
	summary?: string;
	receipts?: { kind: "hash"; value: string; note?: string }[];
}

/** A contested closure: the success condition clause by clause, beside what the one closed and the other contests. */
export async function ContestCase({ of, claim, house, next }: BoardCaseProps<"contest">) {
	const [t, deal, common, { house: served }] = await Promise.all([
		words("operator"),
		words("deal"),
		words("common"),
		opened(),
	]);
	const open = of.endedBy === null;
	const close: Close = of.talk.find(({ operation }) => operation === "board:close")?.payload ?? {};
	const [closer, other] =
		of.closedBy === of.author.key ? [of.author, of.responder] : [of.responder, of.author];
	const why = !house.isOperator ? t("board.operatorsOnly") : of.own ? t("board.own") : undefined;
	const by = common("claimSender");
	return (
		<>
			<CaseHead
				id={of.case.id}
				title={t("board.contest.title")}
				until={{ at: of.ruleBy!, otherwise: t("board.contest.otherwise") }}
				{...{ open, claim, house, next }}
			>
				{of.endedBy &&
					t.rich("board.ruled", { link: (said) => <a href={`/messages/${of.endedBy}`}>{said}</a> })}
			</CaseHead>
			<RuleBoard
				id={of.case.id}
				acts={open ? ["contest-accepted", "contest-declined"] : []}
				why={why}
				clauses={of.clauses}
				outcome
				now={served.now()}
				next={next}
			/>
			<Section
				id="condition"
				title={t("board.contest.condition")}
				aside={
					<a href={`/posts/${of.postId}`}>
						{t("board.contest.post")}: {of.headline}
					</a>
				}
			>
				{of.clauses.length === 0 ? (
					<p className="py-2 text-quiet">{t("board.contest.noCondition")}</p>
				) : (
					<ol className="list-decimal space-y-1 py-3 pl-6">
						{of.clauses.map((clause) => (
							<li key={clause}>
								<Claim by={by}>{clause}</Claim>
							</li>
						))}
					</ol>
				)}
			</Section>
			<div className="grid gap-x-8 xl:grid-cols-2">
				<Section
					id="closed"
					title={t("board.contest.closed", { outcome: deal(`close.outcomes.${of.outcome}`) })}
					aside={<Agent of={closer.key} />}
				>
					<BoardParty of={closer} />
					{close.summary !== undefined && <ClaimText by={by}>{close.summary}</ClaimText>}
					{(close.receipts ?? []).length === 0 && (
						<p className="py-2 text-risk text-sm">{t("board.contest.noReceipts")}</p>
					)}
					<ol className="space-y-3 pt-3">
						{(close.receipts ?? []).map(({ kind, value, note }, i) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: a receipt is known by its place
							<li key={i}>
								<p className="text-quiet text-sm">{deal(`close.kinds.${kind}`)}</p>
								<ClaimText by={by} mono>
									{note === undefined ? value : `${value}\n${note}`}
								</ClaimText>
							</li>
						))}
					</ol>
				</Section>
				<Section id="contested" title={t("board.contest.contested")} aside={<Agent of={other.key} />}>
					<BoardParty of={other} />
					<ClaimText by={by}>{String(of.case.payload.reason)}</ClaimText>
				</Section>
			</div>
			<Section id="timeline" title={t("board.said")}>
				<div className="pt-3">
					<Timeline events={eventsOf(of.talk)} />
				</div>
			</Section>
			<SameByApi path={`/api/posts/${of.postId}`} />
		</>
	);
}
