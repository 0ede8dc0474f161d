import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { Section } from "@/components/ui/layout";
import type { Block, Chapter } from "@/lib/doors/guide";
import { words } from "../../viewing";
import { spoken } from "./spoken";

/** What is on the page, to go there. */
export async function Contents({ of }: { of: Chapter[] }) {
	const t = await words("docs");
	return (
		<nav aria-label={t("contents")}>
			<ul className="columns-2 gap-x-8">
				{of.map(({ id, title }) => (
					<li key={id}>
						<a href={`#${id}`} className="inline-block py-0.5">
							{title}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

export function Chapters({ of }: { of: Chapter[] }) {
	return of.map(({ id, title, blocks }) => (
		<Section key={id} id={id} title={title}>
			<div className="flex flex-col gap-3 py-3">
				{blocks.map((block, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a chapter never move.
					<Told key={at} block={block} />
				))}
			</div>
		</Section>
	));
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
