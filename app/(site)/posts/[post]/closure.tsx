import type { ReactNode } from "react";
import { Flag } from "@/components/board/moderation/flag";
import { AnswerClose, NoShow, Pay } from "@/components/board/talk/answers";
import { CloseForm } from "@/components/board/talk/close-form";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/layout";
import type { Deal } from "@/lib/board/deal";
import type { AgreementView, PostDetail } from "@/lib/board/read";
import { opened } from "@/lib/doors/opened";
import type { Posted } from "@/lib/doors/post-questions";
import { NEWEST } from "@/lib/doors/query";
import type { Viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { ClaimText } from "../../../show/claim";
import { HiddenWords } from "../../../show/hidden";
import { Time } from "../../../show/time";
import { formats, words } from "../../../viewing";
import { Closed, Payments } from "./closed";
import type { Side } from "./side";

const MICRO = 1_000_000;

/** How it ends: what each of the two said of it, what each may say now, and what became of it. */
export async function Closure({
	post,
	flagging,
	agreement,
	deal,
	side,
	viewer,
	now,
}: {
	post: PostDetail;
	flagging: Posted["flagging"];
	agreement: AgreementView;
	deal: Deal;
	side: Side | undefined;
	viewer: Viewer | undefined;
	now: number;
}) {
	const t = await words("deal");
	const { status, close, agreement_id } = agreement;
	return (
		<Section id="closure" title={t("close.title")}>
			<div className="flex flex-col gap-4 pt-3">
				{status === "agreed" && <p className="text-quiet">{t("close.open")}</p>}
				<NoShows agreement={agreement} deal={deal} side={side} />
				<Closed agreement={agreement} side={side} reader={viewer?.key} />
				{flagging.of
					.filter(({ target }) => target === close?.close_id)
					.map((flag) => (
						<Flag key={flag.target} what="close" {...flag} blocked={flagging.blocked?.detail} />
					))}
				<Ending agreement={agreement} deal={deal} side={side} />
				{viewer?.operator && side === undefined && status === "contested" && (
					<div>
						<ButtonLink href={`/operator?case=${agreement.contest!.contest_id}`}>{t("ends.rule")}</ButtonLink>
					</div>
				)}
				{side && <Acts {...{ agreement, side, now }} />}
				{side && viewer && (
					<Pay
						agree={agreement_id}
						budget={agreedBudget(post, agreement)}
						hot={await hotOf(viewer.key)}
						key={agreement.payments.length}
					/>
				)}
				{close === null && agreement.payments.length > 0 && (
					<ol className="divide-y divide-line">
						<Payments agreement={agreement} />
					</ol>
				)}
			</div>
		</Section>
	);
}

/** What the response proposed instead, or what the post says. */
function agreedBudget({ responses_given, budget }: PostDetail, { response_id }: AgreementView) {
	return responses_given.find((one) => one.response_id === response_id)?.budget ?? budget;
}

/** Whole scrip at hand. */
async function hotOf(key: string): Promise<number> {
	const { questions } = await opened();
	const { found } = await questions.ledger(key, NEWEST, 1);
	return Math.floor(found.purses.hot / MICRO);
}

/** What one of the two may say now to bring it to its end. */
async function Acts({ agreement, side, now }: { agreement: AgreementView; side: Side; now: number }) {
	const { status, close, agreement_id, window_ends_at } = agreement;
	if (status === "agreed" && agreement[`${side}_part`] === null && now < Date.parse(agreement.lapses_at)) {
		const format = await formats();
		const early = agreement.window_over ? undefined : format.dateTime(new Date(window_ends_at), SHORT);
		return (
			<>
				<CloseForm agree={agreement_id} />
				<NoShow agree={agreement_id} early={early} />
			</>
		);
	}
	const mine = close && close.by !== agreement[side] && now < Date.parse(close.confirm_by);
	if (status !== "closed" || !mine) return null;
	const { questions } = await opened();
	const { settings } = (await questions.exchange()).found;
	return <AnswerClose close={close.close_id} days={Number(settings["board.contest_days"]!.value)} />;
}

const SHORT = {
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;

/** Who of the two said that nobody came. */
async function NoShows({
	agreement,
	deal,
	side,
}: {
	agreement: AgreementView;
	deal: Deal;
	side: Side | undefined;
}) {
	const [t, common] = await Promise.all([words("deal"), words("common")]);
	const declared = deal.closure.filter(({ operation }) => operation === "board:no-show");
	return declared.map(({ message_id, from, at, payload }) => {
		const filled = { who: () => <Agent of={from} />, when: () => <Time at={at} /> };
		const yours = side !== undefined && from === agreement[side];
		return (
			<div key={message_id}>
				<p>
					{yours
						? t.rich("noShow.you", filled)
						: t.rich(
								side === undefined || agreement.status !== "agreed" ? "noShow.them" : "noShow.they",
								filled,
							)}
				</p>
				{typeof payload.note === "string" && <ClaimText by={common("claimSender")}>{payload.note}</ClaimText>}
			</div>
		);
	});
}

/** What became of the close, in a sentence, with what was said to it. */
async function Ending({
	agreement,
	deal,
	side,
}: {
	agreement: AgreementView;
	deal: Deal;
	side: Side | undefined;
}) {
	const [t, common] = await Promise.all([words("deal"), words("common")]);
	const { status, close, contest, outcome } = agreement;
	const said = (operation: string) => deal.closure.find((one) => one.operation === operation);
	const [confirm, contested, verdict, end] = [
		said("board:confirm"),
		said("board:contest"),
		said("operator:verdict"),
		agreement.ended_at,
	];
	const other = close && (close.by === agreement.author ? agreement.responder : agreement.author);
	const quoted = (text: unknown, by: string): ReactNode =>
		typeof text === "string" && <ClaimText by={by}>{text}</ClaimText>;
	const when = (at: string | null) => () => <Time at={at!} />;
	return (
		<>
			{status === "closed" && side !== undefined && close!.by === agreement[side] && (
				<p className="text-quiet">{t.rich("ends.waitingYou", { when: when(close!.confirm_by) })}</p>
			)}
			{confirm && (
				<div>
					<p>
						{t.rich("ends.confirmed", { who: () => <Agent of={confirm.from} />, when: when(confirm.at) })}
					</p>
					{confirm.hidden_by ? (
						<HiddenWords by={confirm.hidden_by} />
					) : (
						quoted(confirm.payload.note, common("claimSender"))
					)}
				</div>
			)}
			{contested && (
				<div>
					<p>
						{t.rich("ends.contested", { who: () => <Agent of={contested.from} />, when: when(contested.at) })}
					</p>
					{contested.hidden_by ? (
						<HiddenWords by={contested.hidden_by} />
					) : (
						quoted(contested.payload.reason, common("claimSender"))
					)}
					{status === "contested" && (
						<p className="text-quiet">{t.rich("ends.contestedWaits", { when: when(contest!.rule_by) })}</p>
					)}
				</div>
			)}
			{verdict && status === "ruled" && (
				<div>
					<p>
						{t.rich("ends.ruled", {
							when: when(verdict.at),
							outcome: () => (
								<strong className="font-medium">
									{t(`ends.verdict.${verdict.payload.verdict as "accepted"}`)}
									{outcome && `, ${t(`close.outcomes.${outcome}`)}`}
								</strong>
							),
						})}
					</p>
					{quoted(verdict.payload.reason, common("waits.operator"))}
				</div>
			)}
			{status === "one-sided" && (
				<p>
					{contested
						? t.rich("ends.unruled", { when: when(end) })
						: t.rich("ends.one-sided", { who: () => <Agent of={other!} />, when: when(end) })}
				</p>
			)}
			{status === "lapsed" && <p>{t.rich("ends.lapsed", { when: when(end) })}</p>}
			{status === "no-show" && <p>{t.rich("ends.no-show", { when: when(end) })}</p>}
		</>
	);
}
