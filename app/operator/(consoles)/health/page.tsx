import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Again } from "@/components/operator/again";
import { Alive } from "@/components/operator/alive";
import { Speak } from "@/components/strings/speak";
import { Facts, Notice, PageHead, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import type { Consoles } from "@/lib/doors/operator-questions";
import { Agent } from "../../../show/agent";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { formats, stringsOf, viewing, words } from "../../../viewing";
import { consoles } from "../../consoles";

type Health = Awaited<ReturnType<Consoles["health"]>>;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("health.title") };
}

/** How the house is: what does not run, what it stops, and what keeps it honest. */
export default async function HealthConsole() {
	const [house, t, format, { locale, zone }] = await Promise.all([
		consoles(),
		words("operator"),
		formats(),
		viewing(),
	]);
	if (!house) return null;
	const health = await house.health();
	const { now, database, log, checkpoint, engine, rails, owed, busiest, process } = health;
	const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
	const mono = (text: ReactNode) => <span className="wrap-anywhere font-mono text-sm">{text}</span>;
	const stops = (kind: string) =>
		t.has(`health.stopping.${kind as "other"}`)
			? t(`health.stopping.${kind as "other"}`)
			: t("health.stopping.other");
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
			<PageHead title={t("health.title")} lead={t.rich("health.lead", { now: () => <Time at={now} /> })}>
				<Alive />
			</PageHead>
			<State of={health} />
			<Section
				id="duties"
				title={t("health.duties")}
				aside={<a href="/operator/health/duties.csv">{t("csv")}</a>}
			>
				<p className="py-2 text-quiet text-sm">{t("health.dutiesLead", { leased: owed.leased })}</p>
				{owed.parked.length > 0 && (
					<Table
						caption={t("health.parkedTitle")}
						rows={owed.parked}
						rowKey={({ id }) => id}
						columns={[
							{
								id: "kind",
								names: true,
								head: t("health.parkedTitle"),
								cell: ({ kind, subject }) => (
									<>
										{mono(kind)}
										{subject !== "" && (
											<span className="block text-sm">
												<a href={`/messages/${subject}`}>{t("health.subject")}</a>
											</span>
										)}
									</>
								),
							},
							{ id: "stops", head: t("health.stops"), cell: ({ kind }) => stops(kind) },
							{ id: "due", wide: true, head: t("health.since"), cell: ({ due }) => <Time at={due} /> },
							{
								id: "error",
								head: t("health.error"),
								cell: ({ error }) => (
									<details>
										<summary className="text-loss text-sm">{error.split("\n")[0]}</summary>
										<pre className="max-w-text overflow-x-auto text-xs">{error}</pre>
									</details>
								),
							},
							...(house.isOperator
								? [
										{
											id: "again",
											number: true,
											head: <span className="sr-only">{t("health.again")}</span>,
											cell: ({ id }: Health["owed"]["parked"][number]) => <Again duty={id} />,
										},
									]
								: []),
						]}
					/>
				)}
				{owed.kinds.length === 0 ? (
					<p className="py-2">{t("health.noDuties")}</p>
				) : (
					<Table
						caption={t("health.duties")}
						rows={owed.kinds}
						rowKey={({ kind }) => kind}
						columns={[
							{ id: "kind", names: true, head: t("health.kind"), cell: ({ kind }) => mono(kind) },
							{ id: "owed", number: true, head: t("health.owed"), cell: ({ owed }) => format.number(owed) },
							{ id: "due", number: true, head: t("health.due"), cell: ({ due }) => format.number(due) },
						]}
					/>
				)}
			</Section>
			<div className="grid gap-x-8 lg:grid-cols-2">
				<Section id="log" title={t("health.log")}>
					<Facts
						half
						facts={[
							{ name: t("health.messages"), value: format.number(log.seq) },
							{ name: t("health.lastMessage"), value: <Time at={log.lastAt} /> },
							{ name: t("health.batches"), value: format.number(log.batches) },
							{ name: t("health.waiting"), value: format.number(log.waiting) },
							{
								name: t("health.checkpoint"),
								value: (
									<>
										{t("health.checkpointOf", { size: checkpoint.size })} {mono(checkpoint.root)}
									</>
								),
							},
							{
								name: t("health.verify"),
								value: (
									<span className="text-sm">
										{t.rich("health.verifyHint", {
											code: (code) => <code className="font-mono">{code}</code>,
										})}
									</span>
								),
							},
						]}
					/>
				</Section>
				<Section id="engine" title={t("health.engine")}>
					<Facts
						half
						facts={[
							{
								name: t("health.embedder"),
								value: (
									<>
										{mono(engine.embedder)}{" "}
										{engine.ready ? (
											t("health.embedderReady")
										) : (
											<span className="text-risk">
												{t("health.embedderFailed", { error: engine.lastError ?? "" })}
											</span>
										)}
									</>
								),
							},
							{
								name: t("health.index"),
								value: t("health.indexOf", { entries: engine.entries, unembedded: engine.unembedded }),
							},
						]}
					/>
				</Section>
				{rails && (
					<Section id="rails" title={t("health.rails")}>
						<Facts
							half
							facts={[
								...rails.relays.map(({ url, open }) => ({
									name: t("health.relay"),
									value: (
										<>
											{mono(url)}{" "}
											{open ? (
												t("health.relayReached")
											) : (
												<span className="text-risk">{t("health.relayAway")}</span>
											)}
										</>
									),
								})),
								{
									name: t("health.mirrors"),
									value: t("health.mirrorsOf", { waiting: rails.waiting, parked: rails.parked }),
								},
							]}
						/>
					</Section>
				)}
				<Section id="database" title={t("health.database")}>
					<Facts
						half
						facts={[
							{
								name: t("health.answered"),
								value: t("health.ms", { ms: Math.round(database.ms * 10) / 10 }),
							},
							{ name: t("health.version"), value: database.version },
							{ name: t("health.size"), value: t("health.megabytes", { count: megabytes(database.bytes) }) },
							{
								name: t("health.replica"),
								value: t(`health.replicas.${database.replica ?? "none"}`),
							},
							{ name: t("health.sessions"), value: format.number(health.sessions) },
						]}
					/>
				</Section>
				<Section id="process" title={t("health.process")}>
					<Facts
						half
						facts={[
							{ name: t("health.build"), value: process.build },
							{ name: t("health.node"), value: process.node },
							{ name: t("health.up"), value: format.relativeTime(now - process.upSeconds * 1_000, { now }) },
							{
								name: t("health.memory"),
								value: t("health.memoryOf", {
									resident: megabytes(process.residentBytes),
									heap: megabytes(process.heapBytes),
								}),
							},
							...(process.clockStart === null
								? []
								: [{ name: t("health.clock"), value: mono(`CLOCK_START=${process.clockStart}`) }]),
						]}
					/>
				</Section>
			</div>
			<Section id="limits" title={t("health.limits")}>
				<p className="py-2 text-quiet text-sm">{t("health.limitsLead")}</p>
				{busiest.length === 0 ? (
					<p>{t("health.noBusy")}</p>
				) : (
					<Table
						caption={t("health.limits")}
						rows={busiest}
						rowKey={({ sender, name }) => `${sender} ${name}`}
						columns={[
							{ id: "sender", names: true, head: t("agent"), cell: ({ sender }) => <Agent of={sender} /> },
							{ id: "name", head: t("health.limit"), cell: ({ name }) => mono(name) },
							{
								id: "left",
								number: true,
								head: t("health.left"),
								cell: ({ left, count, windowMs }) => (
									<span className={left === 0 ? "text-risk" : undefined}>
										{t("health.leftOf", { left, count, seconds: windowMs / 1_000 })}
									</span>
								),
							},
						]}
					/>
				)}
			</Section>
			<SameByApi path="/api/health" />
			<SameByApi path="/api/metrics" />
		</Speak>
	);
}

/** The sentence for who only glances. */
async function State({ of }: { of: Health }) {
	const [t, format] = await Promise.all([words("operator"), formats()]);
	const { owed, engine, rails, now } = of;
	const overdue = owed.oldestDue !== null && now - owed.oldestDue > OVERDUE_MS;
	const troubles = [
		...(owed.parked.length > 0 ? [t("health.parked", { count: owed.parked.length })] : []),
		...(engine.ready ? [] : [t("health.embedderDown")]),
		...(rails && rails.parked > 0 ? [t("health.mirrorsParked", { count: rails.parked })] : []),
		...(overdue ? [t("health.overdue", { age: format.relativeTime(owed.oldestDue!, { now }) })] : []),
	];
	if (troubles.length === 0) return <Notice tone="good">{t("health.well")}</Notice>;
	return (
		<div className="space-y-2">
			{troubles.map((trouble) => (
				<Notice key={trouble} tone="risk" title={trouble} />
			))}
		</div>
	);
}

/** Later than this something is wrong; before, it is being done. */
const OVERDUE_MS = 30_000;
