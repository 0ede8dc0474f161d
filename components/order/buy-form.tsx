"use client";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Acting, type Recorded, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Select, TextArea, TextField } from "@/components/ui/field";

const MOST_CHARACTERS = 8_192;
const MOST_SCRIP = 10_000_000;
const AGES_HOURS = [24, 168, 720, 2_160, 8_760];
const DAY_HOURS = 24;
/** Seconds: a match is a matter of milliseconds; where it is not, the order's page goes on waiting. */
const PATIENCE = 20;

/** Fields by the names they have in the address, so that a form sent without scripts fills itself in again. */
export function BuyForm({
	given,
	budget: suggested,
	entry,
	need,
	hot,
	types,
	tiers,
}: {
	/** What the address fills in. */
	given: Record<string, string>;
	/** What it may cost, as far as that can be guessed. */
	budget: string | undefined;
	/** The entry that led here, to be shown first when the match holds it. */
	entry: string | undefined;
	/** The need on the board that it is to meet. */
	need: string | undefined;
	/** Whole scrip at hand; undefined for who has no key here yet. */
	hot: number | undefined;
	types: { value: string; label: string }[];
	tiers: { value: string; label: string }[];
}) {
	const t = useTranslations("buy");
	const common = useTranslations("common");
	const acts = useTranslations("act");
	const format = useFormatter();
	const router = useRouter();
	const form = useRef<HTMLFormElement>(null);
	const [task, setTask] = useState(given.task ?? "");
	const [budget, setBudget] = useState(suggested ?? "");
	// What an address fills in is no continuation of what was written on another day.
	const draft = useDraft(form, `buy?${new URLSearchParams(given)}`, () => {
		setTask(given.task ?? "");
		setBudget(suggested ?? "");
	});
	const act = useAct({
		wait: PATIENCE,
		onRecorded({ message, replies }) {
			draft.discard();
			router.push(`/orders/${message.id}${offers(replies, entry) ? `#${entry}` : ""}`);
		},
	});

	const short = hot !== undefined && Number(budget) > hot;
	const narrowed =
		["domain", "min_reputation", "freshness_hours", "tier", "max_results"].some(
			(name) => given[name] !== undefined,
		) || ["domains", "min_reputation", "freshness_hours"].some((name) => act.errorAt(`/payload/${name}`));
	const ages = [...new Set([...AGES_HOURS, Number(given.freshness_hours ?? AGES_HOURS[0])])].sort(
		(a, b) => a - b,
	);
	return (
		<form
			ref={form}
			className="flex flex-col gap-4"
			onSubmit={(event) => {
				event.preventDefault();
				const buy = buyOf(new FormData(event.currentTarget));
				act.sign(need === undefined ? buy : { ...buy, antecedents: [need] });
			}}
		>
			<Restored draft={draft} />
			<TextArea
				name="task"
				label={t("task")}
				hint={t("taskHint")}
				placeholder={t("taskExample")}
				aside={t("count", { count: [...task].length, most: MOST_CHARACTERS })}
				error={act.errorAt("/payload/task")}
				defaultValue={given.task}
				onInput={({ currentTarget }) => setTask(currentTarget.value)}
				rows={5}
				required
				dir="auto"
			/>
			<div className="grid gap-4 sm:grid-cols-2">
				<TextField
					name="budget"
					type="number"
					inputMode="numeric"
					min={1}
					max={MOST_SCRIP}
					step={1}
					required
					label={t("budget")}
					hint={t("budgetHint")}
					aside={
						hot === undefined
							? t("scrip")
							: t("handOf", { amount: common("scrip", { amount: format.number(hot) }) })
					}
					error={act.errorAt("/payload/budget") ?? (short ? t("short") : undefined)}
					defaultValue={suggested}
					onInput={({ currentTarget }) => setBudget(currentTarget.value)}
				/>
				<Select
					name="type"
					label={t("type")}
					error={act.errorAt("/payload/content_type")}
					defaultValue={given.type ?? ""}
					options={[{ value: "", label: t("anyType") }, ...types]}
				/>
			</div>
			<details open={narrowed}>
				<summary className="font-medium">{t("narrow")}</summary>
				<div className="mt-3 grid gap-4 sm:grid-cols-2">
					<TextField
						name="domain"
						label={t("domains")}
						hint={t("domainsHint")}
						error={act.errorAt("/payload/domains")}
						defaultValue={given.domain}
						autoCapitalize="none"
						autoComplete="off"
						spellCheck={false}
						className="sm:col-span-2"
					/>
					<TextField
						name="min_reputation"
						type="number"
						inputMode="numeric"
						min={0}
						max={100}
						label={t("minReputation")}
						hint={t("minReputationHint")}
						error={act.errorAt("/payload/min_reputation")}
						defaultValue={given.min_reputation}
					/>
					<Select
						name="freshness_hours"
						label={t("freshness")}
						error={act.errorAt("/payload/freshness_hours")}
						defaultValue={given.freshness_hours ?? ""}
						options={[
							{ value: "", label: t("anyAge") },
							...ages.map((hours) => ({
								value: `${hours}`,
								label:
									hours % DAY_HOURS === 0 ? t("days", { days: hours / DAY_HOURS }) : t("hours", { hours }),
							})),
						]}
					/>
					<Select
						name="tier"
						label={t("tier")}
						error={act.errorAt("/payload/compression_tier")}
						defaultValue={given.tier ?? ""}
						options={[{ value: "", label: t("anyTier") }, ...tiers]}
					/>
					<Select
						name="max_results"
						label={t("maxResults")}
						error={act.errorAt("/payload/max_results")}
						defaultValue={given.max_results ?? "3"}
						options={Array.from({ length: 10 }, (_, i) => ({ value: `${i + 1}`, label: `${i + 1}` }))}
					/>
				</div>
			</details>
			<div className="border-risk border-l-2 py-1 pl-3">
				<p>{t("public")}</p>
				<p className="text-quiet">{t("free")}</p>
			</div>
			{act.step.is !== "recorded" && (
				<div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
					<Button
						type="submit"
						weight="next"
						disabled={act.busy || short}
						why={short ? t("short") : undefined}
					>
						{act.busy ? t("waiting") : t("sign")}
					</Button>
					<a href={task.trim() === "" ? "/exchange" : `/exchange?${new URLSearchParams({ q: task })}`}>
						{t("search")}
					</a>
				</div>
			)}
			<p className="text-quiet text-sm">
				{acts("youSign")}: {says()}
			</p>
			<Signing act={act} says={says()} label={t("sign")} />
		</form>
	);

	function says() {
		const scrip = Number(budget);
		return Number.isInteger(scrip) && scrip > 0
			? t("says", { budget: format.number(scrip) })
			: t("saysNothing");
	}
}

/** The buy that a filled-in form asks for; what was left empty is left out. */
function buyOf(form: FormData): Acting {
	const said = (name: string) => {
		const value = String(form.get(name) ?? "").trim();
		return value === "" ? undefined : value;
	};
	const number = (name: string) => {
		const value = said(name);
		return value === undefined ? undefined : Number(value);
	};
	const domains = (said("domain") ?? "")
		.toLowerCase()
		.split(/[\s,]+/)
		.filter((one) => one !== "");
	const payload = {
		task: String(form.get("task")),
		budget: number("budget"),
		content_type: said("type"),
		domains: domains.length > 0 ? domains : undefined,
		min_reputation: number("min_reputation"),
		freshness_hours: number("freshness_hours"),
		compression_tier: said("tier"),
		max_results: number("max_results"),
	};
	return {
		operation: "exchange:buy",
		payload: Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined)),
	};
}

/** Whether the match, if it is here already, offers this entry. */
function offers([match]: Recorded["replies"], entry: string | undefined): boolean {
	const { results = [] } = (match?.payload ?? {}) as { results?: { entry_id: string }[] };
	return results.some(({ entry_id }) => entry_id === entry);
}
