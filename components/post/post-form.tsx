"use client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { type Acting, useAct } from "@/components/act/act";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Notice } from "@/components/ui/layout";
import type { Draft, Fields } from "@/lib/board/fields";
import { headlineOf } from "@/lib/board/said";
import type { Finding } from "@/lib/board/template/finding";
import { resolve } from "@/lib/board/window";
import type { Payload } from "@/lib/log/message";
import { FormFields } from "./form-fields";
import { useKept } from "./kept";
import { Paste } from "./paste";
import { PostTerms, useSpan } from "./terms";
import { draftFrom, type Values, valuesOf } from "./values";
import { toForm, toText, type Writing } from "./writing";

type Grammar = typeof import("./grammar");

/** What a window is read by: the exchange's clock, its week, and the longest window that it takes. */
export interface Clock {
	now: number;
	week: string;
	windowMaxDays: number;
}

/** A post that is said anew: what it says now, and how many answers are open to that. */
export interface Revising {
	id: string;
	says: Fields;
	answers: number;
}

/**
 * A post, written as a form or as the seed's template, with what is wrong at its field and the post as it will look beside it. The
 * two ways hold the same: what was written in one is found in the other.
 */
export function PostForm({
	clock,
	zone,
	prefilled,
	name,
	revising,
	barred,
}: {
	clock: Clock;
	/** The author's, until the post says another. */
	zone: string;
	prefilled: Draft;
	/** Of the draft that is kept. */
	name: string;
	revising?: Revising;
	/** Why no post of this agent would be taken, whatever it said. */
	barred?: string;
}) {
	const t = useTranslations("post");
	const says = useSpan();
	const [writing, write, kept] = useKept<Writing>(name, {
		mode: "form",
		values: valuesOf(prefilled),
		text: "",
	});
	/** Until an author names a zone it is that of the device, also where that is told only after the page was made. */
	const values: Values = { "/tz": zone, ...writing.values };
	const [grammar, setGrammar] = useState<Grammar>();
	const [tried, setTried] = useState(false);
	const summary = useRef<HTMLDivElement>(null);
	const now = useNow(clock.now);
	const act = useAct({ onRecorded: kept.discard });
	const { step } = act;

	const load = async () => {
		const loaded = await import("./grammar");
		setGrammar(loaded);
		return loaded;
	};
	// What stands there already is judged without waiting for the first key.
	const begun = kept.restored || revising !== undefined || Object.keys(prefilled).length > 0;
	useEffect(() => {
		if (begun) import("./grammar").then(setGrammar);
	}, [begun]);

	const judge = (by: Grammar | undefined) => {
		const limits = { now: now(), windowMaxDays: clock.windowMaxDays };
		if (writing.mode === "text" && by) return by.read(writing.text, { ...limits, zone, week: clock.week });
		const fields = draftFrom(values);
		return { fields, ...(by ? by.lint(fields, limits) : { errors: [], hints: [] }) };
	};
	const { fields, errors, hints } = judge(grammar);
	const shown = tried || writing.mode === "text" ? errors : errors.filter(({ code }) => code !== "missing");

	const turnTo = async (mode: Writing["mode"]) => {
		const by = grammar ?? (await load());
		write(mode === "text" ? toText(writing, by.written(fields)) : toForm(writing, valuesOf(fields)));
	};
	const look = async (event: FormEvent) => {
		event.preventDefault();
		const by = grammar ?? (await load());
		setTried(true);
		const judged = judge(by);
		if (judged.errors.length > 0 || !by.isWhole(judged.fields)) {
			requestAnimationFrame(() => summary.current?.focus());
			return;
		}
		act.look(saying(judged.fields, revising));
	};
	const recorded = step.is === "recorded" ? step.recorded : undefined;
	const see = step.is === "refused" && step.refused.code === "slot-taken" ? step.refused.see : undefined;
	const signed = step.is === "review" ? fieldsOf(step.acting) : undefined;
	const stale = revising && revising.answers > 0 && isWhole(fields) && !sameDeal(revising.says, fields);

	return (
		<div className="grid gap-x-12 gap-y-6 pb-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
			<div className="flex min-w-0 flex-col gap-5">
				<Restored draft={kept} />
				<form
					onSubmit={look}
					onFocus={() => grammar ?? load()}
					noValidate
					className="flex flex-col gap-5"
					hidden={recorded !== undefined}
				>
					<Ways mode={writing.mode} turnTo={turnTo} />
					{tried && shown.length > 0 && (
						<div ref={summary} tabIndex={-1} className="outline-none">
							<Findings of={shown} title={t("form.wrong", { count: shown.length })} tone="loss" />
						</div>
					)}
					{writing.mode === "form" ? (
						<FormFields
							values={values}
							change={(pointer, value) =>
								write({ ...writing, values: { ...writing.values, [pointer]: value } })
							}
							errorAt={(pointer) => errorAt(shown, pointer) ?? act.errorAt(`/payload${pointer}`)}
							title={headlineOf({ resources: fields.resources ?? {} })}
						/>
					) : (
						<Paste
							text={writing.text}
							change={(text) => write({ ...writing, text })}
							wrong={shown.length === 0 || tried ? undefined : t("form.wrong", { count: shown.length })}
						/>
					)}
					{writing.mode === "text" && !tried && shown.length > 0 && writing.text.trim() !== "" && (
						<Findings of={shown} title={t("form.wrong", { count: shown.length })} tone="loss" />
					)}
					{hints.length > 0 && <Findings of={hints} title={t("form.better")} tone="plain" />}
					{stale && (
						<Notice tone="risk" title={t("form.stale", { count: revising.answers })}>
							{t("form.staleText")}
						</Notice>
					)}
					<div>
						<Button
							type="submit"
							weight={step.is === "review" ? "plain" : "next"}
							disabled={act.busy || barred !== undefined}
							why={barred}
						>
							{t("form.look")}
						</Button>
					</div>
				</form>
				<Signing
					act={act}
					label={t(revising ? "form.signRevise" : "form.sign")}
					says={
						signed
							? t(`form.says.${revising ? "revise" : signed.kind}`, {
									what: headlineOf(signed),
									when: says(signed).there,
									tz: signed.tz,
									cap: signed.budget.cap,
									unit: signed.budget.unit,
								})
							: ""
					}
					done={
						recorded && (
							<a href={`/posts/${revising?.id ?? recorded.message.id}`} className="text-accent">
								{t("form.see")}
							</a>
						)
					}
				/>
				{see !== undefined && (
					<p>
						<a href={`/posts/${see}`}>{t("form.winner")}</a>
					</p>
				)}
			</div>
			<section aria-label={t("form.preview")} className="min-w-0 self-start">
				<h2 className="border-line border-b pb-2 font-semibold">{t("form.preview")}</h2>
				<p dir="auto" className="break-words pt-3 font-semibold text-lead">
					{fields.title ?? (headlineOf({ resources: fields.resources ?? {} }) || t("form.untitled"))}
				</p>
				<PostTerms of={fields} />
				{grammar?.isWhole(fields) && errors.length === 0 && (
					<details className="py-2 text-sm">
						<summary className="text-quiet">{t("text")}</summary>
						<div className="mt-1 flex items-start gap-2">
							<Code className="flex-1 overflow-x-auto">{grammar.write(fields)}</Code>
							<Copy text={grammar.write(fields)} />
						</div>
					</details>
				)}
			</section>
		</div>
	);
}

function Ways({ mode, turnTo }: { mode: Writing["mode"]; turnTo(mode: Writing["mode"]): void }) {
	const t = useTranslations("post");
	return (
		<fieldset className="flex gap-2">
			<legend className="sr-only">{t("form.ways")}</legend>
			{(["form", "text"] as const).map((one) => (
				<Button key={one} small aria-pressed={mode === one} onClick={() => mode === one || turnTo(one)}>
					{t(`form.way.${one}`)}
				</Button>
			))}
		</fieldset>
	);
}

/** What the linter says, each with what to do about it, and the line it stands in. */
function Findings({ of, title, tone }: { of: readonly Finding[]; title: string; tone: "loss" | "plain" }) {
	const t = useTranslations("post");
	return (
		<Notice tone={tone} title={title} role={tone === "loss" ? "alert" : undefined}>
			<ul className="list-disc pl-4">
				{of.map(({ code, field, line, detail, next }) => (
					<li key={`${code} ${field} ${line}`}>
						{line !== undefined && <span className="tabular-nums">{t("form.line", { line })} </span>}
						<span className="text-ink">{detail}</span> {next}
					</li>
				))}
			</ul>
		</Notice>
	);
}

function errorAt(errors: readonly Finding[], pointer: string): string | undefined {
	const found = errors.find(
		({ field }) =>
			field === pointer ||
			(field === "/window" && pointer === "/window/end") ||
			(field === "/budget" && pointer === "/budget/cap") ||
			(field === "/resources" && pointer === "/resources/other"),
	);
	return found && `${found.detail} ${found.next}`;
}

/** The exchange's clock, which ran on since the page was made. */
function useNow(now: number): () => number {
	const began = useRef(0);
	useEffect(() => {
		began.current = performance.now();
	}, []);
	return () => now + (began.current === 0 ? 0 : performance.now() - began.current);
}

function saying({ kind, ...terms }: Fields, revising: Revising | undefined): Acting {
	const payload = JSON.parse(JSON.stringify(terms)) as Payload;
	if (!revising) return { operation: `board:${kind}`, payload: { constraints: {}, ...payload } };
	return {
		operation: "board:revise",
		payload: { kind, constraints: {}, ...payload },
		antecedents: [revising.id],
	};
}

function fieldsOf({ operation, payload }: Acting): Fields {
	return { kind: operation === "board:offer" ? "offer" : "need", ...payload } as unknown as Fields;
}

function isWhole({ kind, window, budget }: Draft): boolean {
	return Boolean(kind && window?.start && window.end && budget?.cap && budget.unit);
}

/** As the rules see it (`board:revise`): what an answer was given to. */
function sameDeal(one: Fields, other: Draft): boolean {
	const [before, after] = [resolve(one.window), resolve(other.window as Fields["window"])];
	return (
		one.kind === other.kind &&
		one.budget.cap === other.budget?.cap &&
		one.budget.unit === other.budget.unit &&
		before.start === after.start &&
		before.end === after.end &&
		one.success_condition === other.success_condition
	);
}
