"use client";
import { useState } from "react";
import { useMessages, useTranslations } from "use-intl";
import type { Acting } from "@/components/act/act";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import type { Payload } from "@/lib/log/message";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

export type BoardAct =
	| `${"contest" | "flag" | "appeal"}-${"accepted" | "declined"}`
	| "hide"
	| "restore"
	| "suspend"
	| "reinstate";

const OUTCOMES = ["not-done", "partial", "done"] as const;
type Scope = "listing" | "payload";
const SCOPES = ["listing", "both", "payload"] as const;
const DAYS = ["0", "1", "7", "30"] as const;
const DAY_MS = 86_400_000;

/** A message and in which scope it is hidden. */
export interface Hide {
	messageId: string;
	scope: Scope;
}

/** What the house can say to a case of the board: its verdict, and the acts that follow from one. */
export function RuleBoard({
	id,
	acts,
	why,
	target,
	revision,
	hides = [],
	cause,
	subject,
	clauses = [],
	outcome = false,
	now,
	next,
}: {
	/** The contest, flag or appeal. */
	id: string;
	acts: readonly BoardAct[];
	/** Why the reader may not. */
	why: string | undefined;
	/** The message that hide and restore are of. */
	target?: string;
	/** What the target, a post, says now: its words are hidden and shown again with the first ones. */
	revision?: string;
	/** What of them is hidden now: what restore ends. */
	hides?: readonly Hide[];
	/** Suspend and reinstate answer it: the flag that led to them. */
	cause?: string;
	/** The agent that suspend and reinstate are of. */
	subject?: string;
	/** Of the success condition: each can be quoted as met or not. */
	clauses?: readonly string[];
	/** An accepted one says how it went instead. */
	outcome?: boolean;
	/** By the exchange's clock. */
	now: number;
	next: string | undefined;
}) {
	const t = useTranslations("operator");
	const deal = useTranslations("deal");
	const { operator } = useMessages();
	const [act, setAct] = useState<BoardAct>();
	// What was signed stays on the page when the case is ruled on and its acts are gone.
	const [signed, setSigned] = useState<BoardAct>();
	if (acts.length === 0 && !signed) return null;
	const shown = signed ?? act;
	const accepted = shown?.endsWith("-accepted") && outcome;

	const acting = (data: FormData): Acting => {
		const said = (name: string) => String(data.get(name) ?? "");
		const reason = [
			...clauses.flatMap((clause, i) =>
				said(`clause-${i}`) ? [`“${clause}”: ${said(`clause-${i}`)}.`] : [],
			),
			reasonOf(data),
		]
			.filter((part) => part !== "")
			.join(" ");
		const days = Number(said("days"));
		const until = days > 0 ? { until: new Date(now + days * DAY_MS).toISOString() } : {};
		const on = (operation: string, antecedents: string[], payload: Payload) => ({
			operation: `operator:${operation}`,
			antecedents,
			payload: { ...payload, reason },
		});
		switch (shown!) {
			case "hide":
				return inOneGo(
					scopesOf(said("scope")).map(({ messageId, scope }) =>
						on("hide", [messageId], { scope, at_fault: said("at_fault") === "true", ...until }),
					),
				);
			case "restore":
				return inOneGo(
					hides.map(({ messageId, scope }) => on("restore", [messageId], { scope, at_fault: false })),
				);
			case "suspend":
				return on("suspend", cause ? [cause] : [], { subject: subject!, ...until });
			case "reinstate":
				return on("reinstate", cause ? [cause] : [], { subject: subject! });
			default:
				return on("verdict", [id], {
					verdict: shown!.endsWith("accepted") ? "accepted" : "declined",
					...(accepted && { outcome: said("outcome") }),
				});
		}
	};
	/** It is out of the lists as one; its words are those of every message that says them. */
	function scopesOf(scope: string): Hide[] {
		const words = [target!, ...(revision ? [revision] : [])].map((messageId) => ({
			messageId,
			scope: "payload" as const,
		}));
		const listing = { messageId: target!, scope: "listing" as const };
		if (scope === "listing") return [listing];
		return scope === "both" ? [listing, ...words] : words;
	}

	return (
		<section aria-label={t("board.ruling")} className="border-line border-b py-3">
			<div className="flex flex-wrap gap-2">
				{acts.map((one) => (
					<Button
						key={one}
						disabled={why !== undefined}
						aria-expanded={act === one}
						onClick={() => {
							setSigned(undefined);
							setAct(one);
						}}
					>
						{t(`board.acts.${one}.open`)}
					</Button>
				))}
				{why !== undefined && <p className="basis-full text-quiet text-sm">{why}</p>}
			</div>
			{shown && (
				<RulingForm
					key={shown}
					name={`${shown}:${id}`}
					focus
					acting={acting}
					says={({ payload, also }) =>
						also
							? t(`board.acts.${shown as "hide"}.saysAll`, { count: also.length + 1 })
							: shown === "contest-accepted"
								? t("board.acts.contest-accepted.says", {
										outcome: deal(`close.outcomes.${payload.outcome as "done"}`),
									})
								: t(`board.acts.${shown}.says`)
					}
					label={t(`board.acts.${shown}.sign`)}
					next={{ href: next ?? "/operator", name: next ? t("case.next") : t("case.back") }}
					onRecorded={() => setSigned(shown)}
				>
					{(judged) => (
						<>
							<p className="text-quiet">{t(`board.acts.${shown}.means`)}</p>
							{shown.startsWith("contest-") &&
								clauses.map((clause, i) => (
									<Select
										key={clause}
										name={`clause-${i}`}
										label={t("board.contest.clause", { clause })}
										options={(["none", "met", "not met"] as const).map((state) => ({
											value: state === "none" ? "" : state,
											label: t(`board.contest.clauseStates.${state}`),
										}))}
									/>
								))}
							{accepted && (
								<Select
									name="outcome"
									label={t("board.contest.outcome")}
									error={judged.errorAt("/payload/outcome")}
									options={OUTCOMES.map((value) => ({ value, label: deal(`close.outcomes.${value}`) }))}
								/>
							)}
							{shown === "restore" && (
								<p className="text-quiet text-sm">
									{t("board.restores", {
										count: hides.length,
										scopes: [...new Set(hides.map(({ scope }) => t(`board.scopes.${scope}`)))].join("; "),
									})}
								</p>
							)}
							{shown === "hide" && (
								<>
									<Select
										name="scope"
										label={t("board.scope")}
										options={SCOPES.map((value) => ({ value, label: t(`board.scopes.${value}`) }))}
									/>
									<Select
										name="at_fault"
										label={t("board.fault")}
										options={(["false", "true"] as const).map((value) => ({
											value,
											label: t(`board.faults.${value}`),
										}))}
									/>
								</>
							)}
							{(shown === "hide" || shown === "suspend") && (
								<Select
									name="days"
									label={t("board.until")}
									error={judged.errorAt("/payload/until")}
									options={DAYS.map((value) => ({ value, label: t(`board.untils.${value}`) }))}
								/>
							)}
							<Reasons
								required
								reasons={operator.board.reasons[shown]}
								error={judged.errorAt("/payload/reason")}
							/>
						</>
					)}
				</RulingForm>
			)}
		</section>
	);
}

/** Several messages of one ruling, the first with the others after it. */
function inOneGo([first, ...also]: Acting[]): Acting {
	return also.length === 0 ? first! : { ...first!, also };
}
