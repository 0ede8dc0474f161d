import Form from "next/form";
import { SavedViews } from "@/components/exchange/saved-views";
import { Speak } from "@/components/strings/speak";
import { Button } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { contentTypes } from "@/lib/log/field";
import { stringsOf, viewing, words } from "../../viewing";

const TIERS = ["hot", "warm", "cold"] as const;

/** The filters as a form that is an address: it works without scripts, and back leads back. */
export async function Filters({
	given,
	wrong,
}: {
	given: Record<string, string>;
	wrong: Record<string, string>;
}) {
	const [t, common, { locale, zone }] = await Promise.all([words("exchange"), words("common"), viewing()]);
	const any = { value: "", label: t("filters.any") };
	const field = (name: string) => ({
		name,
		defaultValue: given[name] ?? "",
		error: wrong[name] && t("wrong", { detail: wrong[name] }),
	});
	return (
		<div className="flex flex-col gap-3 pb-2">
			<Form action="/exchange" key={JSON.stringify(given)} role="search" aria-label={t("filters.label")}>
				<div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-6">
					<TextField
						{...field("q")}
						type="search"
						maxLength={8192}
						label={t("filters.q")}
						className="col-span-2 sm:col-span-6"
					/>
					<Select
						{...field("type")}
						label={t("filters.type")}
						options={[any, ...contentTypes.map((value) => ({ value, label: common(`types.${value}`) }))]}
					/>
					<TextField {...field("domain")} label={t("filters.domain")} autoCapitalize="none" />
					<TextField {...field("max_price")} inputMode="numeric" label={t("filters.maxPrice")} />
					<TextField {...field("min_reputation")} inputMode="numeric" label={t("filters.minReputation")} />
					<Select
						{...field("tier")}
						label={t("filters.tier")}
						options={[any, ...TIERS.map((value) => ({ value, label: t(`tiers.${value}`) }))]}
					/>
					<div className="flex items-center gap-3">
						<Button type="submit" weight="next">
							{t("filters.apply")}
						</Button>
						{Object.keys(given).length > 0 && <a href="/exchange">{t("filters.clear")}</a>}
					</div>
				</div>
				{given.seller !== undefined && <input type="hidden" name="seller" value={given.seller} />}
			</Form>
			<Speak locale={locale} zone={zone} strings={await stringsOf("views")}>
				<SavedViews place="exchange" path="/exchange" query={`${new URLSearchParams(given)}`} />
			</Speak>
		</div>
	);
}
