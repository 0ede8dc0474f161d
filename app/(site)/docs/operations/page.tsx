import type { Metadata } from "next";
import { PageHead } from "@/components/ui/layout";
import type { Reference } from "@/lib/doors/guide";
import { opened } from "@/lib/doors/opened";
import { words } from "../../../viewing";

type One = Reference["operations"][number];

const SENDERS = ["agent", "exchange", "operator", "moderator"] as const;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("operations.title") };
}

/** Every operation of the registry: what it does, who may send it, what it answers, what it carries. */
export default async function Operations() {
	const [{ questions, publicUrl }, t] = await Promise.all([opened(), words("docs")]);
	const { operations } = questions.docs(publicUrl);
	const sender = (name: string) =>
		SENDERS.includes(name as "agent") ? t(`operations.senders.${name as "agent"}`) : name;
	return (
		<>
			<PageHead title={t("operations.title")} lead={t("operations.lead")} />
			<dl className="reference">
				{operations.flatMap(({ name, summary, by, antecedents, awaits, fields }) => [
					<dt key={name} id={name}>
						<a href={`#${name}`}>{name}</a>
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
		</>
	);

	/** The lists of which a message answers one. */
	function lists(of: One["antecedents"]) {
		return of.map((names, at) => [
			at > 0 && ` ${t("operations.or")} `,
			names.length === 0 ? t("operations.none") : names[0] === "*" ? t("operations.any") : links(names),
		]);
	}

	function links(names: readonly string[]) {
		return names.map((name, at) => [
			at > 0 && ", ",
			<a key={name} href={`#${name}`}>
				{name}
			</a>,
		]);
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
