"use client";
import { Fragment, type ReactNode, useEffect, useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useKeys } from "@/components/keys/keys";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Notice } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { drafted } from "@/lib/client/compose";
import { type Act, type Acting, allOf, type Effects, type Foretold, type Recorded } from "./act";

/**
 * What stands below a form or a button while something is said: what would change and the one confirmation, then pending,
 * recorded, or why not. `says`: one sentence of what is signed.
 */
export function Signing({
	act,
	says,
	label,
	done,
	foretold,
}: {
	act: Act;
	says: ReactNode;
	/** On the button that signs. */
	label?: ReactNode;
	/** What to say of the exchange's answers that are known before, and of an act that is known already. */
	foretold?(answers: Foretold[], effects: Effects, known: boolean): ReactNode;
	/** Once recorded, in place of the bare number. */
	done?: ReactNode;
}) {
	const t = useTranslations("act");
	const { step } = act;
	const place = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (step.is === "review" || step.is === "refused" || step.is === "not-processed") place.current?.focus();
	}, [step.is]);

	return (
		<div ref={place} tabIndex={-1} className="outline-none" aria-live="polite">
			{step.is === "looking" && <p className="text-quiet">{t("looking")}</p>}
			{step.is === "review" && (
				<div className="flex flex-col gap-3 border-accent border-l-2 py-1 pl-3">
					<p>
						<span className="text-quiet">{t("youSign")}:</span> {says}
					</p>
					{foretold?.(step.answers, step.effects, step.known)}
					<Changes effects={step.effects} />
					<MessageDetails acting={step.acting} />
					<div className="flex flex-wrap gap-2">
						<Button weight="next" onClick={() => act.sign(step.acting)}>
							{label ?? t("sign")}
						</Button>
						<Button onClick={act.reset}>{t("cancel")}</Button>
					</div>
				</div>
			)}
			{step.is === "signing" && <p className="text-quiet">{t("signing")}</p>}
			{step.is === "pending" && <p className="text-quiet">{t("pending")}</p>}
			{step.is === "recorded" && (
				<Notice tone="good" role="status">
					<span className="text-ink">
						{t("recordedAs")} <Numbers of={[step.recorded, ...step.others]} />
					</span>
					{step.recorded.replayed && <> {t("replayed")}</>}
					{done !== undefined && <> {done}</>}
				</Notice>
			)}
			{step.is === "refused" && (
				<Notice tone="loss" role="alert" title={t("refused")}>
					<p className="text-ink">{step.refused.detail}</p>
					{step.before.length > 0 && (
						<p>
							{t("before")} <Numbers of={step.before} />
						</p>
					)}
					{step.refused.next !== undefined && <p>{t("next", { next: step.refused.next })}</p>}
				</Notice>
			)}
			{step.is === "not-processed" && (
				<Notice tone="risk" role="alert" title={t("notProcessed")}>
					<p>{t(step.acting.also ? "notAllText" : "notProcessedText")}</p>
					<Button small onClick={() => act.sign(step.acting)}>
						{t("again")}
					</Button>
				</Notice>
			)}
		</div>
	);
}

/** The messages that were recorded, by their numbers. */
function Numbers({ of }: { of: readonly Recorded[] }) {
	return of.map(({ message: { id, seq } }, at) => (
		<Fragment key={id}>
			{at > 0 && ", "}
			<a href={`/messages/${id}`}>#{seq}</a>
		</Fragment>
	));
}

/** The dry run's answer, in a table of now and then. */
function Changes({ effects }: { effects: Effects }) {
	const t = useTranslations("act");
	const common = useTranslations("common");
	const format = useFormatter();
	const { viewer } = useKeys();
	const scrip = (micro: number) =>
		common("scrip", { amount: format.number(micro / 1_000_000, { maximumFractionDigits: 6 }) });
	const who = (key: string) =>
		key === viewer
			? common("you")
			: key === "treasury" || key === "issued" || key === "burned"
				? common(key)
				: fingerprint(key);
	const rows = [
		...effects.purses.map(({ owner, purse, before, after }) => ({
			id: `${owner} ${purse}`,
			name: t("purse", { owner: who(owner), purse: common(`purses.${purse as "hot"}`) }),
			from: scrip(before),
			to: scrip(after),
		})),
		...effects.reputation.map(({ agent, before, after }) => ({
			id: agent,
			name: t("reputation", { agent: who(agent) }),
			from: `${before}`,
			to: `${after}`,
		})),
		...effects.objects.map(({ kind, id, from, to }) => ({
			id: `${kind} ${id}`,
			name: kind === "setting" ? id : kind === "role" ? roleOf(id) : kind,
			from: brief(from),
			to: brief(to),
		})),
	];
	// One message may change several settings, or name an agent that stands nowhere else here.
	function roleOf(id: string): string {
		const [key, role] = id.split("/");
		return t("role", { agent: who(key!), role: role! });
	}
	if (rows.length === 0) return <p className="text-quiet">{t("nothingChanges")}</p>;
	return (
		<table className="w-full max-w-text border-collapse text-left text-sm">
			<caption className="sr-only">{t("changes")}</caption>
			<thead className="text-quiet">
				<tr>
					<th className="pr-4 font-normal">{t("changes")}</th>
					<th className="pr-4 text-right font-normal">{t("from")}</th>
					<th className="text-right font-normal">{t("to")}</th>
				</tr>
			</thead>
			<tbody className="divide-y divide-line border-line border-t">
				{rows.map(({ id, name, from, to }) => (
					<tr key={id}>
						<td className="py-1 pr-4">{name}</td>
						<td className="py-1 pr-4 text-right text-quiet">{from}</td>
						<td className="py-1 text-right">{to}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** A state in a word; what a message's id stands for, by the id's first digits. */
function brief(state: string | null): string {
	if (state === null) return "–";
	return /^[0-9a-f]{64}$/.test(state) ? fingerprint(state) : state;
}

/** What is signed, whole, for who wants to see it. */
export function MessageDetails({ acting }: { acting: Acting }) {
	const t = useTranslations("common");
	const act = useTranslations("act");
	const all = allOf(acting).map(({ operation, payload, antecedents = [] }) =>
		drafted(operation, payload, { antecedents }),
	);
	return (
		<details className="text-sm">
			<summary className="text-quiet">{t("details")}</summary>
			<p className="mt-1 text-quiet">{act("public")}</p>
			<Code className="mt-1 max-h-64 overflow-auto whitespace-pre-wrap break-all">
				{all.map((one) => JSON.stringify(one, null, 2)).join("\n")}
			</Code>
		</details>
	);
}
