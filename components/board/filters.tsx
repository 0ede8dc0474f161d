"use client";
import Form from "next/form";
import { useTranslations } from "use-intl";
import { SavedViews } from "@/components/exchange/saved-views";
import { Button } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { KINDS, RESOURCES } from "@/lib/board/fields";

/** Filters that stand behind a word until they are used. */
const MORE = ["region", "zone", "from", "until", "resources", "unit", "min_budget", "max_budget"];

/** The filters as a form that is an address: it works without scripts, and back leads back. */
export function Filters({
	path,
	given,
	wrong,
	states,
	zone,
}: {
	path: string;
	given: Record<string, string>;
	/** What is wrong with a filter, at its name. */
	wrong: Record<string, string>;
	/** Values and names of what a post can have become. */
	states: [value: string, label: string][];
	/** The reader's own. */
	zone: string;
}) {
	const t = useTranslations("filters");
	const any = { value: "", label: t("any") };
	const field = (name: string) => ({ name, defaultValue: given[name] ?? "", error: wrong[name] });
	const used = MORE.filter((name) => given[name] !== undefined).length;
	const ticked = given.resources?.split(",") ?? [];
	return (
		<div className="flex flex-col gap-2 pb-2">
			<Form action={path} key={JSON.stringify(given)} role="search" aria-label={t("label")}>
				<div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(0,1fr)_10rem_11rem_auto]">
					<TextField
						{...field("q")}
						type="search"
						maxLength={200}
						label={t("q")}
						className="col-span-2 sm:col-span-1"
					/>
					<Select
						{...field("type")}
						label={t("type")}
						options={[any, ...KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))]}
					/>
					<Select
						{...field("state")}
						label={t("state")}
						options={[any, ...states.map(([value, label]) => ({ value, label }))]}
					/>
					<div className="flex items-center gap-3">
						<Button type="submit">{t("apply")}</Button>
						{Object.keys(given).length > 0 && <a href={path}>{t("clear")}</a>}
					</div>
				</div>
				<details className="mt-2" open={used > 0 || MORE.some((name) => name in wrong)}>
					<summary className="text-quiet text-sm">{t("more", { used })}</summary>
					<div className="grid grid-cols-2 items-start gap-3 pt-2 sm:grid-cols-4">
						<TextField {...field("region")} label={t("region")} maxLength={80} />
						<TextField
							{...field("zone")}
							label={t("zone")}
							placeholder={zone}
							autoCapitalize="none"
							hint={t("zoneHint")}
						/>
						<TextField {...field("from")} type="date" label={t("from")} />
						<TextField {...field("until")} type="date" label={t("until")} />
						<TextField {...field("min_budget")} inputMode="decimal" label={t("minBudget")} />
						<TextField {...field("max_budget")} inputMode="decimal" label={t("maxBudget")} />
						<TextField {...field("unit")} label={t("unit")} maxLength={32} autoCapitalize="none" />
					</div>
					<fieldset className="flex flex-wrap gap-x-5 gap-y-1 pt-3">
						<legend className="font-medium">{t("resources")}</legend>
						{RESOURCES.map((one) => (
							<label key={one} className="inline-flex min-h-7 items-center gap-1.5">
								<input
									type="checkbox"
									name="resources"
									value={one}
									defaultChecked={ticked.includes(one)}
									className="accent-accent"
								/>
								{t(`named.${one}`)}
							</label>
						))}
					</fieldset>
				</details>
			</Form>
			<SavedViews place="board" path={path} query={`${new URLSearchParams(given)}`} />
		</div>
	);
}
