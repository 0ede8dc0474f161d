import Form from "next/form";
import { SavedViews } from "@/components/exchange/saved-views";
import { Speak } from "@/components/strings/speak";
import { Button } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { KINDS, RESOURCES } from "@/lib/board/fields";
import { POST_STATES } from "@/lib/board/read";
import { stringsOf, viewing, words } from "../../viewing";

/** Filters that stand behind a word until they are used. */
const MORE = ["region", "zone", "from", "until", "resources", "unit", "min_budget", "max_budget"];

/** The filters as a form that is an address: it works without scripts, and back leads back. */
export async function Filters({
	path,
	given,
	wrong,
}: {
	path: string;
	given: Record<string, string>;
	wrong: Record<string, string>;
}) {
	const [t, { locale, zone }] = await Promise.all([words("board"), viewing()]);
	const any = { value: "", label: t("filters.any") };
	const field = (name: string) => ({
		name,
		defaultValue: given[name] ?? "",
		error: wrong[name] && t("wrong", { detail: wrong[name] }),
	});
	const used = MORE.filter((name) => given[name] !== undefined).length;
	const ticked = given.resources?.split(",") ?? [];
	return (
		<div className="flex flex-col gap-2 pb-2">
			<Form action={path} key={JSON.stringify(given)} role="search" aria-label={t("filters.label")}>
				<div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(0,1fr)_10rem_11rem_auto]">
					<TextField
						{...field("q")}
						type="search"
						maxLength={200}
						label={t("filters.q")}
						className="col-span-2 sm:col-span-1"
					/>
					<Select
						{...field("type")}
						label={t("filters.type")}
						options={[any, ...KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))]}
					/>
					<Select
						{...field("state")}
						label={t("filters.state")}
						options={[
							any,
							...(["at-risk", ...POST_STATES] as const).map((value) => ({
								value,
								label: t(`states.${value}`),
							})),
						]}
					/>
					<div className="flex items-center gap-3">
						<Button type="submit" weight="next">
							{t("filters.apply")}
						</Button>
						{Object.keys(given).length > 0 && <a href={path}>{t("filters.clear")}</a>}
					</div>
				</div>
				<details className="mt-2" open={used > 0 || MORE.some((name) => name in wrong)}>
					<summary className="text-quiet text-sm">{t("filters.more", { used })}</summary>
					<div className="grid grid-cols-2 items-start gap-3 pt-2 sm:grid-cols-4">
						<TextField {...field("region")} label={t("filters.region")} maxLength={80} />
						<TextField
							{...field("zone")}
							label={t("filters.zone")}
							placeholder={zone}
							autoCapitalize="none"
							hint={t("filters.zoneHint")}
						/>
						<TextField {...field("from")} type="date" label={t("filters.from")} />
						<TextField {...field("until")} type="date" label={t("filters.until")} />
						<TextField {...field("min_budget")} inputMode="decimal" label={t("filters.minBudget")} />
						<TextField {...field("max_budget")} inputMode="decimal" label={t("filters.maxBudget")} />
						<TextField {...field("unit")} label={t("filters.unit")} maxLength={32} autoCapitalize="none" />
					</div>
					<fieldset className="flex flex-wrap gap-x-5 gap-y-1 pt-3">
						<legend className="font-medium">{t("filters.resources")}</legend>
						{RESOURCES.map((one) => (
							<label key={one} className="inline-flex min-h-7 items-center gap-1.5">
								<input
									type="checkbox"
									name="resources"
									value={one}
									defaultChecked={ticked.includes(one)}
									className="accent-accent"
								/>
								{t(`resources.${one}`)}
							</label>
						))}
					</fieldset>
				</details>
			</Form>
			<Speak locale={locale} zone={zone} strings={await stringsOf("views")}>
				<SavedViews place="board" path={path} query={`${new URLSearchParams(given)}`} />
			</Speak>
		</div>
	);
}
