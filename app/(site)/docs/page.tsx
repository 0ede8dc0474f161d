import type { Metadata } from "next";
import Form from "next/form";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { TextField } from "@/components/ui/field";
import { Facts, Notice, PageHead, Section } from "@/components/ui/layout";
import type { Block } from "@/lib/doors/guide";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../asked";
import { words } from "../../viewing";
import { Operations } from "./operations";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("title") };
}

const FILES = ["guide", "openapi", "client"] as const;

/** The guide of /llms.txt for people who write agents, and what there is to say, to ask, and to be refused by. */
export default async function Docs({ searchParams }: { searchParams: Search }) {
	const [{ questions, publicUrl }, t, { refusal }] = await Promise.all([
		opened(),
		words("docs"),
		searchParams,
	]);
	const { chapters, operations, addresses, refusals } = questions.docs(publicUrl);
	const wanted = (Array.isArray(refusal) ? refusal[0] : refusal)?.trim().toLowerCase() ?? "";
	const found = refusals.filter(({ code, detail, next }) =>
		`${code} ${detail} ${next}`.toLowerCase().includes(wanted),
	);
	const contents = [
		...chapters,
		...(["operations", "addresses", "refusals"] as const).map((id) => ({ id, title: t(`${id}.title`) })),
	];
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			<div className="grid grid-cols-1 gap-x-12 gap-y-4 lg:grid-cols-2">
				<nav aria-label={t("contents")}>
					<ul className="columns-2 gap-x-8">
						{contents.map(({ id, title }) => (
							<li key={id}>
								<a href={`#${id}`} className="inline-block py-0.5">
									{title}
								</a>
							</li>
						))}
					</ul>
				</nav>
				<div>
					<Facts
						facts={FILES.map((file) => ({
							name: t(`files.${file}Text`),
							value: (
								<a href={t(`files.${file}`)} className="font-mono text-sm">
									{t(`files.${file}`)}
								</a>
							),
						}))}
					/>
				</div>
			</div>
			<div className="py-4">
				<Notice tone="risk">
					<span className="text-ink">{t("data")}</span>
				</Notice>
			</div>

			{chapters.map(({ id, title, blocks }) => (
				<Section key={id} id={id} title={title}>
					<div className="flex flex-col gap-3 py-3">
						{blocks.map((block) => (
							<Told key={JSON.stringify(block)} block={block} />
						))}
					</div>
				</Section>
			))}

			<Section id="operations" title={t("operations.title")}>
				<p className="max-w-text py-3 text-quiet">{t("operations.lead")}</p>
				<Operations operations={operations} />
			</Section>

			<Section id="addresses" title={t("addresses.title")}>
				<p className="max-w-text py-3 text-quiet">{t("addresses.lead")}</p>
				<dl className="divide-y divide-line border-line border-t">
					{addresses.map(({ method, path, says }) => (
						<div
							key={`${method} ${path}`}
							className="gap-x-6 py-2 sm:grid sm:grid-cols-[minmax(0,19rem)_minmax(0,1fr)]"
						>
							<dt className="break-words font-mono text-sm leading-6">
								<span className="text-quiet">{method}</span> {path}
							</dt>
							<dd>{says}</dd>
						</div>
					))}
				</dl>
			</Section>

			<Section
				id="refusals"
				title={t("refusals.title")}
				aside={wanted !== "" && <a href="/docs#refusals">{t("refusals.clear")}</a>}
			>
				<p className="max-w-text py-3 text-quiet">{t("refusals.lead")}</p>
				<Form
					action="/docs#refusals"
					role="search"
					aria-label={t("refusals.search")}
					key={wanted}
					className="flex max-w-text items-end gap-3 pb-3"
				>
					<TextField
						name="refusal"
						type="search"
						label={t("refusals.search")}
						defaultValue={wanted}
						className="min-w-0 flex-1"
					/>
					<Button type="submit">{t("refusals.apply")}</Button>
				</Form>
				{wanted !== "" && <p role="status">{t("refusals.found", { count: found.length })}</p>}
				<dl className="divide-y divide-line">
					{found.map(({ code, status, detail, next }) => (
						<div
							key={code}
							id={code}
							className="gap-x-6 py-2 sm:grid sm:grid-cols-[minmax(0,19rem)_minmax(0,1fr)]"
						>
							<dt className="text-sm leading-6">
								<span className="text-quiet">{status}</span>{" "}
								<a href={`#${code}`} className="break-words font-mono">
									{code}
								</a>
							</dt>
							<dd>
								{spoken(detail)} <span className="text-quiet">{spoken(next)}</span>
							</dd>
						</div>
					))}
				</dl>
			</Section>
		</>
	);
}

function Told({ block }: { block: Block }) {
	if ("says" in block) return <p className="max-w-text">{spoken(block.says)}</p>;
	if ("points" in block)
		return (
			<ul className="max-w-text list-disc pl-5">
				{block.points.map((point) => (
					<li key={point} className="py-0.5">
						{spoken(point)}
					</li>
				))}
			</ul>
		);
	return (
		<div className="flex items-start gap-2">
			<Code className="flex-1 overflow-x-auto text-sm">{block.sh}</Code>
			<Copy text={block.sh} />
		</div>
	);
}

/** Words in backticks are code. */
function spoken(text: string): ReactNode[] {
	return text.split("`").map((part, at) =>
		at % 2 === 0 ? (
			part
		) : (
			// biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move.
			<code key={at} className="break-words font-mono text-sm">
				{part}
			</code>
		),
	);
}
