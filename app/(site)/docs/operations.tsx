import { Table } from "@/components/ui/table";
import type { Reference } from "@/lib/doors/guide";
import { words } from "../../viewing";

type One = Reference["operations"][number];

const SENDERS = ["agent", "exchange", "operator", "moderator"] as const;

/** Every operation of the registry: what it does, who may send it, what it answers, what it carries. */
export async function Operations({ operations }: { operations: readonly One[] }) {
	const t = await words("docs");
	const sender = (name: string) =>
		SENDERS.includes(name as "agent") ? t(`operations.senders.${name as "agent"}`) : name;
	return (
		<Table
			caption={t("operations.title")}
			rows={operations}
			rowKey={({ name }) => name}
			columns={[
				{
					id: "operation",
					names: true,
					head: t("operations.head.operation"),
					cell: ({ name, summary, by, antecedents, awaits, fields }) => (
						<>
							<a href={`#${name}`} id={name} className="break-all font-mono text-sm">
								{name}
							</a>
							<span className="block">{summary}.</span>
							<span className="block text-quiet text-sm sm:hidden">
								{t("operations.head.by")}: {by.map(sender).join(", ")} · {t("operations.head.antecedents")}:{" "}
								<Antecedents of={antecedents} />
							</span>
							{awaits.length > 0 && (
								<span className="block text-quiet text-sm">
									{t("operations.awaits")} <Names of={awaits} />
								</span>
							)}
							<Payload fields={fields} />
						</>
					),
				},
				{
					id: "by",
					wide: true,
					head: t("operations.head.by"),
					cell: ({ by }) => (
						<ul>
							{by.map((name) => (
								<li key={name} className="whitespace-nowrap">
									{sender(name)}
								</li>
							))}
						</ul>
					),
				},
				{
					id: "antecedents",
					wide: true,
					head: t("operations.head.antecedents"),
					cell: ({ antecedents }) => <Antecedents of={antecedents} />,
				},
			]}
		/>
	);
}

/** The lists of which a message answers one. */
async function Antecedents({ of: lists }: { of: One["antecedents"] }) {
	const t = await words("docs");
	return lists.map((names, at) => (
		<span key={names.join(" ")}>
			{at > 0 && <span className="text-quiet"> {t("operations.or")} </span>}
			{names.length === 0 ? (
				<span className="text-quiet">{t("operations.none")}</span>
			) : names[0] === "*" ? (
				t("operations.any")
			) : (
				<Names of={names} />
			)}
		</span>
	));
}

function Names({ of: names }: { of: readonly string[] }) {
	return names.map((name, at) => (
		<span key={name}>
			{at > 0 && ", "}
			<a href={`#${name}`} className="font-mono text-sm">
				{name}
			</a>
		</span>
	));
}

async function Payload({ fields }: Pick<One, "fields">) {
	const t = await words("docs");
	if (fields.length === 0)
		return <span className="block text-quiet text-sm">{t("operations.payload", { count: 0 })}</span>;
	return (
		<details className="text-sm">
			<summary className="py-0.5 text-quiet">{t("operations.payload", { count: fields.length })}</summary>
			<dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
				{fields.map(({ name, optional, form }) => (
					<div key={name} className="contents">
						<dt className="font-mono">{name}</dt>
						<dd className="break-words text-quiet">
							{form}
							{optional && `, ${t("operations.optional")}`}
						</dd>
					</div>
				))}
			</dl>
		</details>
	);
}
