import { type BoardAct, RuleBoard } from "@/components/operator/rule-board";
import { Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../../show/agent";
import { ClaimText } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { words } from "../../viewing";
import type { BoardCaseProps } from "./board-case";
import { BoardParty } from "./board-party";
import { CaseHead } from "./case-head";
import { Said } from "./said";
import { what } from "./what";

/** Flags on one message: the message as it was said beside why it was flagged, and whether it is seen now. */
export async function FlagCase({ of, claim, house, next }: BoardCaseProps<"flag">) {
	const [t, common, { house: served }] = await Promise.all([words("operator"), words("common"), opened()]);
	const open = of.status === "open";
	const may = house.isOperator || house.isModerator;
	const hidden = of.hides.length > 0;
	const acts: BoardAct[] = [
		...(open ? (["flag-accepted", "flag-declined"] as const) : []),
		// What is hidden from lists may yet have its words hidden.
		"hide",
		...(hidden ? (["restore"] as const) : []),
		of.suspended ? "reinstate" : "suspend",
	];
	return (
		<>
			<CaseHead
				id={of.case.id}
				title={t("board.flag.title", { count: of.flags.length, what: await what(of.target.operation) })}
				until={undefined}
				{...{ open, claim, house, next }}
			>
				{of.ruledBy &&
					t.rich("board.ruled", { link: (said) => <a href={`/messages/${of.ruledBy}`}>{said}</a> })}
			</CaseHead>
			{may && (
				<RuleBoard
					id={of.case.id}
					acts={acts}
					why={of.own ? t("board.own") : undefined}
					target={of.target.id}
					revision={of.revision ?? undefined}
					hides={of.hides}
					cause={of.case.id}
					subject={of.author.key}
					now={served.now()}
					next={next}
				/>
			)}
			<div className="py-2">
				{!hidden && <p className="text-quiet">{t("board.flag.seen")}</p>}
				{of.hides.map(({ messageId, scope, until, saidBy }) => (
					<p key={`${messageId} ${scope}`}>
						{t.rich(until === null ? "board.flag.hidden" : "board.flag.hiddenUntil", {
							scope: t(`board.scopes.${scope}`),
							when: () => <Time at={until!} />,
							link: (said) => <a href={`/messages/${saidBy}`}>{said}</a>,
						})}
					</p>
				))}
			</div>
			<div className="grid gap-x-8 xl:grid-cols-2">
				<Section
					id="message"
					title={t("board.flag.message")}
					aside={<a href={`/messages/${of.target.id}`}>#{of.target.seq}</a>}
				>
					<p className="pt-2">
						<Agent of={of.author.key} />
					</p>
					<BoardParty of={of.author} />
					{of.suspended && (
						<p className="text-risk text-sm">
							{t.rich(of.suspended.until === null ? "board.suspended" : "board.suspendedUntil", {
								when: () => <Time at={of.suspended!.until!} />,
								link: (said) => <a href={`/messages/${of.suspended!.by}`}>{said}</a>,
							})}
						</p>
					)}
					<Said of={of.saidNow ?? of.said} />
					{of.saidNow && (
						<details className="pt-2 text-sm">
							<summary className="text-quiet">{t("board.flag.first")}</summary>
							<div className="pt-2">
								<Said of={of.said} />
							</div>
						</details>
					)}
				</Section>
				<Section id="flags" title={t("board.flag.reasons")}>
					<ol className="space-y-3 pt-3">
						{of.reasons.map(({ id, seq, at, sender, payload }) => (
							<li key={id}>
								<p className="flex flex-wrap gap-x-2 text-sm">
									<span className="font-medium">{t(`board.flag.kinds.${payload.reason as "spam"}`)}</span>
									<Agent of={sender} />
									<span className="text-quiet">
										{t("board.flag.weight", {
											weight: of.flags.find(({ flagId }) => flagId === id)?.weight ?? 0,
										})}
									</span>
									<Time at={at} />
									<a href={`/messages/${id}`}>#{seq}</a>
								</p>
								{typeof payload.note === "string" && (
									<ClaimText by={common("claimSender")}>{payload.note}</ClaimText>
								)}
							</li>
						))}
					</ol>
				</Section>
			</div>
			<SameByApi path={`/api/messages/${of.target.id}`} />
		</>
	);
}
