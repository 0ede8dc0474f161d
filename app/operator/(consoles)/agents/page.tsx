import type { Metadata } from "next";
import Form from "next/form";
import * as z from "zod";
import { GrantRole } from "@/components/operator/grant-role";
import { RevokeRole } from "@/components/operator/revoke-role";
import { Speak } from "@/components/strings/speak";
import { Button, ButtonLink } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { Chip, Empty, PageHead, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { ROLES } from "@/lib/agents/roles";
import { AGENT_ORDERS, type KnownAgent } from "@/lib/doors/known-agents";
import { opened } from "@/lib/doors/opened";
import { cursor, cursorAt } from "@/lib/doors/query";
import { key as keyField } from "@/lib/log/field";
import { asked, type Search } from "../../../asked";
import { Agent } from "../../../show/agent";
import { Claim } from "../../../show/claim";
import { clientLines } from "../../../show/client-lines";
import { Money } from "../../../show/money";
import { Pager } from "../../../show/pager";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { stringsOf, viewing, words } from "../../../viewing";
import { consoles } from "../../consoles";

const QUERY = {
	q: z.string().max(200).optional(),
	role: z.enum(ROLES).optional(),
	standing: z.literal("yes").optional(),
	order: z.enum(AGENT_ORDERS).default("seen"),
	agent: z.union([keyField(), z.literal("new")]).optional(),
	cursor: cursor(),
};
const PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("agents.title") };
}

/** Everybody who left a trace, and who may do what in the house. */
export default async function Agents({ searchParams }: { searchParams: Search }) {
	const [house, t, common, { locale, zone }, { publicUrl }, { asked: wish, given }] = await Promise.all([
		consoles(),
		words("operator"),
		words("common"),
		viewing(),
		opened(),
		asked(searchParams, QUERY),
	]);
	if (!house) return null;
	const { q, role, order, cursor: skip = 0 } = wish;
	const { found } = await house.agents({
		q,
		role,
		standing: wish.standing !== undefined,
		order,
		skip,
		limit: PAGE,
	});
	const { cursor: _, agent: __, ...filters } = given;
	const here = (more: Record<string, string>) =>
		`/operator/agents?${new URLSearchParams({ ...given, ...more })}`;
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
			<PageHead title={t("agents.title")} lead={t("agents.lead", { count: found.count })}>
				{house.isOperator && wish.agent === undefined && (
					<ButtonLink href={`${here({ agent: "new" })}#roles`}>{t("agents.grant")}</ButtonLink>
				)}
			</PageHead>
			<Form
				action="/operator/agents"
				key={JSON.stringify(filters)}
				className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))_auto]"
			>
				<TextField
					name="q"
					type="search"
					label={t("agents.search")}
					placeholder={t("agents.searchHint")}
					defaultValue={q}
					className="col-span-2 sm:col-span-1"
				/>
				<Select
					name="role"
					label={t("agents.role")}
					defaultValue={role ?? ""}
					options={[
						{ value: "", label: t("agents.anyRole") },
						...ROLES.map((value) => ({ value, label: t(`roles.${value}`) })),
					]}
				/>
				<Select
					name="standing"
					label={t("agents.standing")}
					defaultValue={wish.standing ?? ""}
					options={[
						{ value: "", label: t("agents.any") },
						{ value: "yes", label: t("agents.onlyStanding") },
					]}
				/>
				<Select
					name="order"
					label={t("agents.order")}
					defaultValue={order}
					options={AGENT_ORDERS.map((value) => ({ value, label: t(`agents.orders.${value}`) }))}
				/>
				<div className="flex items-center gap-3">
					<Button type="submit">{t("agents.apply")}</Button>
					{Object.keys(filters).length > 0 && <a href="/operator/agents">{t("agents.clear")}</a>}
				</div>
			</Form>
			{house.isOperator && wish.agent !== undefined && (
				<Roles of={wish.agent} known={await knownAs(wish.agent)} />
			)}
			<Section id="all" title={t("agents.all")} aside={<a href="/operator/agents/agents.csv">{t("csv")}</a>}>
				{found.agents.length === 0 ? (
					<Empty>{t("agents.none")}</Empty>
				) : (
					<Table
						caption={t("agents.title")}
						rows={found.agents}
						rowKey={({ key }) => key}
						folds
						columns={[
							{ id: "key", names: true, head: t("agents.name"), cell: ({ key }) => <Agent of={key} /> },
							{
								id: "owner",
								wide: true,
								head: t("agents.owner"),
								cell: (one) => (
									<>
										{one.owner === one.key ? (
											<span className="text-quiet">{t("agents.own")}</span>
										) : (
											<span className="break-words">{one.owner}</span>
										)}
										{one.standing && <span className="text-quiet text-sm"> {t("standing")}</span>}
										{one.claimsOwner !== null && (
											<span className="block text-sm">
												<Claim by={common("claimSender")}>
													{t("agents.claims", { owner: one.claimsOwner })}
												</Claim>
											</span>
										)}
									</>
								),
							},
							{
								id: "roles",
								head: t("agents.roles"),
								cell: ({ key, roles }) => (
									<span className="flex flex-wrap items-baseline gap-1.5">
										{roles.map((one) => (
											<Chip key={one} tone="good">
												{t(`roles.${one}`)}
											</Chip>
										))}
										{house.isOperator && (
											<a
												href={`${here({ agent: key })}#roles`}
												aria-label={t("agents.change", { name: key.slice(0, 8) })}
												className="text-quiet text-sm"
											>
												{t("agents.pick")}
											</a>
										)}
									</span>
								),
							},
							{
								id: "reputation",
								number: true,
								wide: true,
								head: t("reputation"),
								cell: ({ reputation }) => reputation,
							},
							{
								id: "hot",
								number: true,
								head: t("agents.hot"),
								cell: ({ hot }) => <Money micro={hot} />,
							},
							{
								id: "seen",
								number: true,
								wide: true,
								head: t("agents.seen"),
								cell: ({ lastSeenAt }) =>
									lastSeenAt === null ? (
										<span className="text-quiet">{t("agents.never")}</span>
									) : (
										<Time at={lastSeenAt} />
									),
							},
						]}
					/>
				)}
				<Pager
					path="/operator/agents"
					query={filters}
					next={skip + PAGE < found.count ? cursorAt(skip + PAGE) : undefined}
					first={skip === 0}
				/>
			</Section>
			<SameByApi path={`/api/agents/${found.agents[0]?.key ?? house.reader}`} />
			<SameByApi
				client={clientLines(
					publicUrl,
					(["operator:grant", "operator:revoke"] as const).map((operation) => ({
						operation,
						payload: { subject: found.agents[0]?.key ?? house.reader, role: "vouched", reason: "…" },
					})),
				)}
			/>
		</Speak>
	);

	/** Also a key that has never been here can be granted a role. */
	async function knownAs(key: string): Promise<KnownAgent | undefined> {
		if (key === "new") return undefined;
		const { found } = await house!.agents({ q: key, limit: 1 });
		return found.agents.find((one) => one.key === key);
	}
}

/** What one agent may do in the house, to be changed. */
async function Roles({ of, known }: { of: string; known: KnownAgent | undefined }) {
	const t = await words("operator");
	const roles = known?.roles ?? [];
	return (
		<Section
			id="roles"
			title={of === "new" ? t("agents.grant") : t("agents.panel")}
			aside={of !== "new" && <Agent of={of} />}
		>
			<div className="grid gap-x-8 lg:grid-cols-2">
				<GrantRole
					key={of}
					subject={of === "new" ? undefined : of}
					roles={ROLES.filter((one) => !roles.includes(one))}
				/>
				{of !== "new" && (
					<div>
						{roles.length === 0 ? (
							<p className="py-4 text-quiet">{t("agents.hasNone")}</p>
						) : (
							<ul className="divide-y divide-line">
								{roles.map((role) => (
									<li key={role}>
										<RevokeRole subject={of} role={role} />
									</li>
								))}
							</ul>
						)}
					</div>
				)}
			</div>
		</Section>
	);
}
