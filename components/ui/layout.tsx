import type { ReactNode } from "react";
import { words } from "./words";

/** A page's one heading, what it is in a sentence, and its actions beside it. */
export function PageHead({
	title,
	lead,
	children,
}: {
	title: ReactNode;
	lead?: ReactNode;
	/** Actions. */
	children?: ReactNode;
}) {
	return (
		<div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3 pt-6 pb-4 sm:pt-8">
			<div className="min-w-0 max-w-text">
				<h1 className="font-semibold text-title">{title}</h1>
				{lead !== undefined && <p className="mt-1 text-quiet">{lead}</p>}
			</div>
			{children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
		</div>
	);
}

/** A part of a page under a hairline. `id` names the heading, so that it can be linked to. */
export function Section({
	id,
	title,
	aside,
	className,
	children,
}: {
	id: string;
	title: ReactNode;
	aside?: ReactNode;
	className?: string;
	children: ReactNode;
}) {
	return (
		<section aria-labelledby={id} className={words("py-5", className)}>
			<div className="flex flex-wrap items-baseline justify-between gap-x-4 border-line border-b pb-2">
				<h2 id={id} className="font-semibold">
					{title}
				</h2>
				{aside !== undefined && <div className="text-quiet text-sm">{aside}</div>}
			</div>
			{children}
		</section>
	);
}

/** Names and their values, in two columns where there is room. `half`: beside others of its kind. */
export function Facts({
	facts,
	half = false,
}: {
	facts: { name: string; value: ReactNode }[];
	half?: boolean;
}) {
	const columns = half
		? "sm:grid-cols-[minmax(0,8rem)_minmax(0,1fr)]"
		: "sm:grid-cols-[minmax(0,12rem)_minmax(0,1fr)]";
	return (
		<dl className="divide-y divide-line">
			{facts.map(({ name, value }) => (
				<div key={name} className={words("grid gap-x-4 py-2", columns)}>
					<dt className="text-quiet">{name}</dt>
					<dd className="min-w-0 break-words">{value}</dd>
				</div>
			))}
		</dl>
	);
}

/** Figures with their names, side by side. */
export function Figures({ figures }: { figures: { name: string; value: ReactNode }[] }) {
	return (
		<dl className="flex flex-wrap gap-x-6 divide-line sm:gap-x-0 sm:divide-x">
			{figures.map(({ name, value }) => (
				<div
					key={name}
					className="flex min-w-[calc(50%-0.75rem)] flex-col-reverse py-3 sm:min-w-40 sm:max-w-72 sm:flex-1 sm:px-4 sm:first:pl-0"
				>
					<dt className="text-quiet text-sm">{name}</dt>
					<dd className="font-semibold text-title">{value}</dd>
				</div>
			))}
		</dl>
	);
}

/** What belongs here, when nothing is here: teaches, and offers the next step. */
export function Empty({ children, next }: { children: ReactNode; next?: ReactNode }) {
	return (
		<div className="max-w-text py-6 text-quiet">
			<div>{children}</div>
			{next !== undefined && <div className="mt-3 flex flex-wrap gap-2">{next}</div>}
		</div>
	);
}

export type Tone = "plain" | "risk" | "loss" | "good";

/** A state or a kind, in a word. How it looks is written once, in globals.css: pages have many. */
export function Chip({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
	return <span className={tone === "plain" ? "chip" : `chip ${tone}`}>{children}</span>;
}

const NOTICES: Record<Tone, string> = {
	plain: "border-edge",
	risk: "border-risk",
	loss: "border-loss",
	good: "border-accent",
};

/** Something a reader must not miss. */
export function Notice({
	tone = "plain",
	title,
	children,
	role,
}: {
	tone?: Tone;
	title?: ReactNode;
	children?: ReactNode;
	role?: "alert" | "status";
}) {
	return (
		<div role={role} className={words("border-l-2 py-1 pl-3", NOTICES[tone])}>
			{title !== undefined && <p className="font-medium">{title}</p>}
			{children !== undefined && <div className="text-quiet">{children}</div>}
		</div>
	);
}
