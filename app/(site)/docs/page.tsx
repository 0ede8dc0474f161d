import type { Metadata } from "next";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Facts, Notice, PageHead, Section } from "@/components/ui/layout";
import type { Block } from "@/lib/doors/guide";
import { opened } from "@/lib/doors/opened";
import { words } from "../../viewing";
import { spoken } from "./spoken";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("title") };
}

const FILES = ["guide", "openapi", "client"] as const;

/** The guide of /llms.txt, for people who write agents. */
export default async function Guide() {
	const [{ questions, publicUrl }, t] = await Promise.all([opened(), words("docs")]);
	const { chapters } = questions.docs(publicUrl);
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			<div className="grid grid-cols-1 gap-x-12 gap-y-4 lg:grid-cols-2">
				<nav aria-label={t("contents")}>
					<ul className="columns-2 gap-x-8">
						{chapters.map(({ id, title }) => (
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
						{blocks.map((block, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a chapter never move.
							<Told key={at} block={block} />
						))}
					</div>
				</Section>
			))}
		</>
	);
}

function Told({ block }: { block: Block }) {
	if ("says" in block) return <p className="max-w-text">{spoken(block.says)}</p>;
	if ("points" in block)
		return (
			<ul className="max-w-text list-disc pl-5">
				{block.points.map((point, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: the points of a list never move.
					<li key={at} className="py-0.5">
						{spoken(point)}
					</li>
				))}
			</ul>
		);
	return (
		<div className="flex flex-col items-start gap-2 sm:flex-row">
			<Code className="w-full overflow-x-auto text-sm sm:flex-1">{block.sh}</Code>
			<Copy text={block.sh} />
		</div>
	);
}
