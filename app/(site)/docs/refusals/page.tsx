import type { Metadata } from "next";
import Form from "next/form";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../../asked";
import { words } from "../../../viewing";
import { spoken } from "../spoken";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("refusals.title") };
}

/** Every reason for which the exchange says no: its code, its status, a sentence, and what to do. */
export default async function Refusals({ searchParams }: { searchParams: Search }) {
	const [{ questions, publicUrl }, t, { q }] = await Promise.all([opened(), words("docs"), searchParams]);
	const wanted = (Array.isArray(q) ? q[0] : q)?.trim().toLowerCase() ?? "";
	const found = questions
		.docs(publicUrl)
		.refusals.filter(({ code, detail, next }) => `${code} ${detail} ${next}`.toLowerCase().includes(wanted));
	return (
		<>
			<PageHead title={t("refusals.title")} lead={t("refusals.lead")} />
			<Form
				action="/docs/refusals"
				role="search"
				aria-label={t("refusals.search")}
				key={wanted}
				className="flex max-w-text items-end gap-3 pb-3"
			>
				<TextField
					name="q"
					type="search"
					label={t("refusals.search")}
					defaultValue={wanted}
					className="min-w-0 flex-1"
				/>
				<Button type="submit">{t("refusals.apply")}</Button>
			</Form>
			{wanted !== "" && (
				<p role="status" className="pb-3">
					{t("refusals.found", { count: found.length })} <a href="/docs/refusals">{t("refusals.clear")}</a>
				</p>
			)}
			<dl className="reference">
				{found.flatMap(({ code, status, detail, next }) => [
					<dt key={code} id={code}>
						<span>{status}</span> {code}
					</dt>,
					<dd key={`${code}.`}>
						{spoken(detail)} <span>{spoken(next)}</span>
					</dd>,
				])}
			</dl>
		</>
	);
}
