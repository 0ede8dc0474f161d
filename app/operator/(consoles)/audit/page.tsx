import type { Metadata } from "next";
import Form from "next/form";
import * as z from "zod";
import { Live } from "@/components/frame/live";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { opened } from "@/lib/doors/opened";
import { cursor, cursorAt, NEWEST } from "@/lib/doors/query";
import { key as keyField } from "@/lib/log/field";
import { asked, type Search } from "../../../asked";
import { namesOf } from "../../../names";
import { Agent } from "../../../show/agent";
import { Pager } from "../../../show/pager";
import { SameByApi } from "../../../show/same-by-api";
import { words } from "../../../viewing";
import { consoles } from "../../consoles";
import { Acts } from "../acts";

const QUERY = { by: keyField().optional(), act: z.string().max(80).optional(), cursor: cursor() };
const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("audit.title") };
}

/** Every act of the house, with its reason: nothing here can be done unseen. */
export default async function Audit({ searchParams }: { searchParams: Search }) {
	const [house, t, common, { house: exchange }, { asked: wish, given }] = await Promise.all([
		consoles(),
		words("operator"),
		words("common"),
		opened(),
		asked(searchParams, QUERY),
	]);
	if (!house) return null;
	const [{ seq, found }, filters] = await Promise.all([
		house.acts({ by: wish.by, operation: wish.act, before: wish.cursor ?? NEWEST, limit: PAGE }),
		house.actFilters(),
	]);
	const { cursor: _, ...kept } = given;
	const nameOf = async (key: string) =>
		key === exchange.key ? common("exchangeSelf") : ((await namesOf(key)) ?? fingerprint(key));
	const keys = await Promise.all(filters.keys.map(async (key) => ({ value: key, label: await nameOf(key) })));
	return (
		<>
			<PageHead title={t("audit.title")} lead={t("audit.lead")} />
			<Form
				action="/operator/audit"
				key={JSON.stringify(kept)}
				className="grid grid-cols-2 items-end gap-3 sm:max-w-text sm:grid-cols-[1fr_1fr_auto]"
			>
				<Select
					name="by"
					label={t("by")}
					defaultValue={wish.by ?? ""}
					options={[{ value: "", label: t("audit.any") }, ...keys]}
				/>
				<Select
					name="act"
					label={t("audit.act")}
					defaultValue={wish.act ?? ""}
					options={[
						{ value: "", label: t("audit.any") },
						...filters.operations.map((value) => ({ value, label: value })),
					]}
				/>
				<div className="flex items-center gap-3">
					<Button type="submit">{t("audit.apply")}</Button>
					{Object.keys(kept).length > 0 && <a href="/operator/audit">{t("audit.clear")}</a>}
				</div>
			</Form>
			<Section
				id="acts"
				title={t("audit.all")}
				aside={
					<span className="flex items-baseline gap-4">
						{wish.by !== undefined && wish.cursor === undefined && (
							<Live query={`sender=${wish.by}`} after={seq} />
						)}
						<a href={`/operator/audit/audit.csv?${new URLSearchParams(kept)}`}>{t("csv")}</a>
					</span>
				}
			>
				{found.items.length === 0 ? (
					<Empty>{t("audit.none")}</Empty>
				) : (
					<Acts
						caption={t("audit.title")}
						acts={found.items.map((one) => ({ ...one, why: one.reason }))}
						columns={[
							{
								id: "says",
								names: true,
								head: t("audit.what"),
								cell: ({ says, operation }) => (
									<>
										<span className="block first-letter:uppercase">{says}</span>
										<code>{operation}</code>
									</>
								),
							},
							{
								id: "about",
								head: t("audit.about"),
								cell: ({ about }) =>
									about === null ? (
										"–"
									) : "agent" in about ? (
										<Agent of={about.agent} />
									) : (
										<a href={`/operator?case=${about.message}`}>{t("audit.aboutCase")}</a>
									),
							},
						]}
					/>
				)}
				<Pager
					path="/operator/audit"
					query={kept}
					next={found.next === undefined ? undefined : cursorAt(found.next)}
					first={wish.cursor === undefined}
				/>
			</Section>
			<SameByApi path={`/api/messages?tag=${wish.act?.split("/")[0] ?? "operator:configure"}`} />
		</>
	);
}
