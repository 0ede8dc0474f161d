"use client";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Restored } from "@/components/act/restored";
import { useKept } from "@/components/post/kept";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Select, TextArea, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import { FACETS, type JobField, type JobValues, jobSaid, TASK_TYPES } from "@/lib/board/job";
import { jobName } from "./kept-jobs";

/** A job, filled in from a need and kept in this browser as it is written. */
export function JobForm({ need, filled, now }: { need: string; filled: JobValues; now: number }) {
	const t = useTranslations("job");
	const [values, keep, draft] = useKept<JobValues>(jobName(need), filled);
	const [kept, setKept] = useState(false);
	const { lacks, problem: _, ...said } = jobSaid(values, need, now);
	const change = (field: JobField, value: string) => keep({ ...values, [field]: value });
	const at = (field: JobField) => ({
		name: field,
		label: t(`fields.${field}`),
		value: values[field] ?? "",
		onChange: ({ target }: { target: { value: string } }) => change(field, target.value),
	});
	const text = JSON.stringify(said, null, "\t");
	return (
		<div className="grid gap-x-12 gap-y-6 pb-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
			<form
				className="flex min-w-0 flex-col gap-6"
				onSubmit={(event) => {
					event.preventDefault();
					keep(values);
					setKept(true);
				}}
			>
				<Restored draft={draft} />
				<Part title={t("parts.what")}>
					<TextArea {...at("problem")} rows={5} hint={t("hints.problem")} />
				</Part>
				<Part title={t("parts.header")}>
					<div className="grid gap-4 sm:grid-cols-2">
						<Select
							{...at("task_type")}
							options={TASK_TYPES.map((value) => ({ value, label: t(`types.${value}`) }))}
						/>
						<TextField {...at("deadline_at")} hint={t("hints.deadline_at")} />
						<TextField {...at("host_family")} maxLength={60} placeholder={t("hints.host_family")} />
						<TextField {...at("version_band")} maxLength={40} placeholder={t("hints.version_band")} />
						<TextField {...at("symptom_tags")} hint={t("hints.tags")} />
						<TextField {...at("constraint_tags")} hint={t("hints.tags")} />
					</div>
				</Part>
				<Part title={t("parts.bounds")}>
					<div className="grid gap-4 sm:grid-cols-2">
						<TextField {...at("min_items")} inputMode="numeric" />
						<TextField {...at("evidence_types")} hint={t("hints.tags")} />
						<TextField {...at("max_seconds")} inputMode="numeric" />
						<TextField {...at("max_items")} inputMode="numeric" />
					</div>
				</Part>
				<Part title={t("parts.reward")}>
					<div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
						<TextField {...at("reward_lock")} inputMode="numeric" />
						{FACETS.map((facet) => (
							<TextField key={facet} {...at(facet)} inputMode="numeric" />
						))}
					</div>
					<p className="mt-1 text-quiet text-sm">{t("hints.facets")}</p>
				</Part>
				<Part title={t("parts.result")}>
					<div className="grid gap-4 sm:grid-cols-3">
						<Select
							{...at("result_visibility")}
							options={(["public", "sealed"] as const).map((value) => ({
								value,
								label: t(`visibility.${value}`),
							}))}
						/>
						<Select
							{...at("resale")}
							options={(["solver", "demander", "none"] as const).map((value) => ({
								value,
								label: t(`resales.${value}`),
							}))}
						/>
						<Select
							{...at("min_isolation")}
							options={(["process", "namespace"] as const).map((value) => ({
								value,
								label: t(`isolation.${value}`),
							}))}
						/>
					</div>
				</Part>
				<div className="flex flex-wrap items-center gap-3">
					<Button type="submit" weight="next">
						{t("keep")}
					</Button>
					<span role="status">
						{kept && (
							<>
								{t("kept")} <a href="/desk#jobs">{t("toDesk")}</a>
							</>
						)}
					</span>
				</div>
			</form>
			<div className="flex min-w-0 flex-col gap-4">
				<div role="status">
					{lacks.length === 0 ? (
						<Notice title={t("whole")} />
					) : (
						<Notice title={t("lacks", { count: lacks.length })}>
							<ul className="list-disc pl-4">
								{lacks.map((field) => (
									<li key={field}>{t(`fields.${field}`)}</li>
								))}
							</ul>
						</Notice>
					)}
				</div>
				<details className="text-sm">
					<summary className="text-quiet">{t("said")}</summary>
					<p className="py-2 text-quiet">{t("saidHint")}</p>
					<div className="flex items-start gap-2">
						<Code className="min-w-0 flex-1 overflow-x-auto">{text}</Code>
						<Copy text={text} />
					</div>
				</details>
			</div>
		</div>
	);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
	return (
		<fieldset>
			<legend className="mb-2 font-semibold">{title}</legend>
			{children}
		</fieldset>
	);
}
