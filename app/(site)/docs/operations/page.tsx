import type { Metadata } from "next";
import { PageHead, Section } from "@/components/ui/layout";
import type { Reference } from "@/lib/doors/guide";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../../asked";
import { words } from "../../../viewing";

type One = Reference["operations"][number];

const SENDERS = ["agent", "exchange", "operator", "moderator"] as const;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("operations.title") };
}

/** Every operation of the registry by its system; of one system, also who may send each, what it answers and what it carries. */
export default async function Operations({ searchParams }: { searchParams: Search }) {
	const [{ questions, publicUrl }, t, { system }] = await Promise.all([
		opened(),
		words("docs"),
		searchParams,
	]);
	const { operations } = questions.docs(publicUrl);
	const systems = new Map<string, One[]>();
	for (const one of operations)
		systems.set(systemOf(one.name), [...(systems.get(systemOf(one.name)) ?? []), one]);
	const chosen = systems.get(String(system));
	return (
		<>
			<PageHead title={t("operations.title")} lead={t("operations.lead")} />
			{chosen ? (
				<Section
					id="system"
					title={mono(String(system))}
					aside={<a href="/docs/operations">{t("operations.all")}</a>}
				>
					{whole(chosen)}
				</Section>
			) : (
				[...systems].map(([name, of]) => (
					<Section
						key={name}
						id={name}
						title={mono(name)}
						aside={<a href={`/docs/operations?system=${name}`}>{t("operations.whole")}</a>}
					>
						<dl className="reference">
							{of.flatMap(({ name, summary }) => [
								<dt key={name}>{link(name)}</dt>,
								<dd key={`${name}.`}>{summary}.</dd>,
							])}
						</dl>
					</Section>
				))
			)}
		</>
	);

	function whole(of: readonly One[]) {
		const sender = (name: string) =>
			SENDERS.includes(name as "agent") ? t(`operations.senders.${name as "agent"}`) : name;
		return (
			<dl className="reference">
				{of.flatMap(({ name, summary, by, antecedents, awaits, fields }) => [
					<dt key={name} id={name}>
						{link(name)}
					</dt>,
					<dd key={`${name}.`}>
						{summary}.
						<p>
							{t("operations.head.by")}: {by.map(sender).join(", ")}. {t("operations.head.antecedents")}:{" "}
							{lists(antecedents)}.
							{awaits.length > 0 && (
								<>
									{" "}
									{t("operations.awaits")} {links(awaits)}.
								</>
							)}
						</p>
						{payload(fields)}
					</dd>,
				])}
			</dl>
		);
	}

	/** The lists of which a message answers one. */
	function lists(of: One["antecedents"]) {
		return of.map((names, at) => [
			at > 0 && ` ${t("operations.or")} `,
			names.length === 0 ? t("operations.none") : names[0] === "*" ? t("operations.any") : links(names),
		]);
	}

	function links(names: readonly string[]) {
		return names.map((name, at) => [at > 0 && ", ", link(name)]);
	}

	function payload(fields: One["fields"]) {
		if (fields.length === 0) return <p>{t("operations.payload", { count: 0 })}</p>;
		return (
			<details>
				<summary>{t("operations.payload", { count: fields.length })}</summary>
				<dl>
					{fields.flatMap(({ name, optional, form }) => [
						<dt key={name}>{name}</dt>,
						<dd key={`${name}.`}>
							{form}
							{optional && `, ${t("operations.optional")}`}
						</dd>,
					])}
				</dl>
			</details>
		);
	}
}

function systemOf(operation: string): string {
	return operation.split(":")[0]!;
}

/** To where all of it stands. */
function link(operation: string) {
	return (
		<a key={operation} href={`/docs/operations?system=${systemOf(operation)}#${operation}`}>
			{operation}
		</a>
	);
}

function mono(name: string) {
	return <span className="font-mono">{name}</span>;
}
