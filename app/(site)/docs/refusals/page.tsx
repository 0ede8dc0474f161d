import { STATUS_CODES } from "node:http";
import type { Metadata } from "next";
import Form from "next/form";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { PageHead, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../../asked";
import { words } from "../../../viewing";
import { spoken } from "../spoken";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("refusals.title") };
}

/** Every reason for which the exchange says no, by status; of one status, or found by words, with its sentence and what to do. */
export default async function Refusals({ searchParams }: { searchParams: Search }) {
	const [{ questions, publicUrl }, t, asked] = await Promise.all([opened(), words("docs"), searchParams]);
	const { refusals } = questions.docs(publicUrl);
	const said = (name: "q" | "status") =>
		String(asked[name] ?? "")
			.trim()
			.toLowerCase();
	const [wanted, status] = [said("q"), said("status")];
	const found = refusals
		.filter((one) => status === "" || String(one.status) === status)
		.filter(({ code, detail, next }) => `${code} ${detail} ${next}`.toLowerCase().includes(wanted));
	const statuses = [...new Set(refusals.map((one) => one.status))].sort((a, b) => a - b);
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
			{wanted === "" && status === "" ? (
				statuses.map((status) => (
					<Section
						key={status}
						id={`status-${status}`}
						title={`${status} ${STATUS_CODES[status]}`}
						aside={<a href={`/docs/refusals?status=${status}`}>{t("refusals.whole")}</a>}
					>
						<ul className="codes">
							{refusals
								.filter((one) => one.status === status)
								.map(({ code }) => (
									<li key={code}>
										<a href={`/docs/refusals?status=${status}#${code}`}>{code}</a>
									</li>
								))}
						</ul>
					</Section>
				))
			) : (
				<>
					<p role="status" className="pb-3">
						{t("refusals.found", { count: found.length })} <a href="/docs/refusals">{t("refusals.clear")}</a>
					</p>
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
			)}
		</>
	);
}
