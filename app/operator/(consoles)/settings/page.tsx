import type { Metadata } from "next";
import Form from "next/form";
import * as z from "zod";
import { EditSettings } from "@/components/operator/edit-settings";
import { Speak } from "@/components/strings/speak";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { asked, type Search } from "../../../asked";
import { clientLines } from "../../../show/client-lines";
import { SameByApi } from "../../../show/same-by-api";
import { formats, stringsOf, viewing, words } from "../../../viewing";
import { consoles } from "../../consoles";
import { Acts } from "../acts";

const QUERY = { q: z.string().max(100).optional(), name: z.string().max(100).optional() };
const SHOWN = 100;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("settings.title") };
}

/** Every number and switch of the exchange: what it decides, its bounds, and who changed it when and why. */
export default async function Settings({ searchParams }: { searchParams: Search }) {
	const [house, t, format, { locale, zone }, { publicUrl }, { asked: wish }] = await Promise.all([
		consoles(),
		words("operator"),
		formats(),
		viewing(),
		opened(),
		asked(searchParams, QUERY),
	]);
	if (!house) return null;
	const [{ found: settings }, { found: changes }] = await Promise.all([
		house.settings(),
		house.settingChanges(wish.name),
	]);
	const like = wish.q?.toLowerCase() ?? "";
	const shown = Object.entries(settings)
		.filter(([name, { what }]) => name.includes(like) || what.toLowerCase().includes(like))
		.map(([name, one]) => ({ name, ...one }));
	const written = (value: number | boolean) =>
		typeof value === "number" ? format.number(value) : value ? t("settings.yes") : t("settings.no");
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
			<PageHead title={t("settings.title")} lead={t("settings.lead")} />
			<Form action="/operator/settings" className="flex max-w-text items-end gap-3">
				<TextField
					name="q"
					type="search"
					label={t("settings.find")}
					defaultValue={wish.q}
					className="flex-1"
				/>
				<Button type="submit">{t("agents.apply")}</Button>
			</Form>
			{shown.length === 0 ? (
				<Empty>{t("settings.none")}</Empty>
			) : (
				<EditSettings settings={shown} mayChange={house.isOperator} />
			)}
			<Section
				id="history"
				title={
					wish.name === undefined ? t("settings.historyAll") : t("settings.historyOf", { name: wish.name })
				}
				aside={
					<span className="flex gap-4">
						{wish.name !== undefined && <a href="/operator/settings#history">{t("settings.all")}</a>}
						<a href="/operator/settings/settings.csv">{t("settings.csvAll")}</a>
						<a href="/operator/settings/history.csv">{t("csv")}</a>
					</span>
				}
			>
				{changes.length === 0 ? (
					<Empty>{t("settings.noHistory")}</Empty>
				) : (
					<Acts
						caption={t("settings.historyAll")}
						acts={changes.slice(0, SHOWN).map((one) => ({ ...one, why: one.reason }))}
						rowKey={({ id, name }) => `${id} ${name}`}
						columns={[
							{
								id: "name",
								names: true,
								head: t("settings.setting"),
								cell: ({ name, from, to }) => (
									<>
										<a
											href={`/operator/settings?name=${name}#history`}
											className="break-all font-mono text-sm"
										>
											{name}
										</a>
										<span className="block">
											{written(from)} → <span className="font-medium">{written(to)}</span>
										</span>
									</>
								),
							},
						]}
					/>
				)}
			</Section>
			<SameByApi path="/api/exchange" />
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "operator:configure",
						payload: { changes: { "exchange.quote_minutes": 90 }, reason: "…" },
					},
				])}
			/>
		</Speak>
	);
}
