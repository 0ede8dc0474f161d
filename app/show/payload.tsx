import type { ReactNode } from "react";
import { formats, words } from "@/app/viewing";
import { Facts } from "@/components/ui/layout";
import type { Field } from "@/lib/doors/openapi";
import { Agent } from "./agent";
import { ClaimText } from "./claim";
import { Money } from "./money";
import { Time } from "./time";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Goods longer than this are folded away. */
const LONG = 1_000;

/** What a message says, field by field, for people: money as money, agents and answers as links, claims as claims. */
export async function PayloadFacts({
	payload,
	fields,
	keys,
	ownWords,
}: {
	payload: Record<string, unknown>;
	fields: Record<string, Field>;
	/** The values in it that are keys of agents. */
	keys: readonly string[];
	/** The exchange's own words are no claims, but what it hands on is its maker's. */
	ownWords: boolean;
}) {
	const [t, common, format] = await Promise.all([words("log"), words("common"), formats()]);
	// The operation's name says the phase already.
	const shown = Object.entries(payload).filter(([name]) => name !== "phase");
	if (shown.length === 0) return <p className="py-3 text-quiet">{t("message.nothing")}</p>;
	return (
		<Facts
			facts={shown.map(([name, value]) => ({
				name: name.replaceAll("_", " "),
				value: show(name, value),
			}))}
		/>
	);

	function show(name: string, value: unknown): ReactNode {
		const field = fields[name];
		if (typeof value === "boolean") return t(value ? "message.yes" : "message.no");
		if (typeof value === "number") {
			if (field?.unit === "scrip") return <Money scrip={value} />;
			if (field?.unit === "micro-scrip") return <Money micro={value} />;
			return format.number(value, { maximumFractionDigits: 6 });
		}
		if (typeof value === "string") return textOf(name, value, field?.claim ?? true);
		if (Array.isArray(value) && value.every((one) => typeof one === "string"))
			return textOf(name, value.join("\n"), field?.claim ?? true);
		if (isDetached(value))
			return (
				<>
					{t("message.detached", { bytes: value.bytes })}
					<span className="block break-all font-mono text-quiet text-sm">sha256:{value.sha256}</span>
				</>
			);
		const count = Array.isArray(value) ? value.length : Object.keys(value as object).length;
		return <span className="text-quiet">{t("message.nested", { count })}</span>;
	}

	function textOf(name: string, text: string, claim: boolean): ReactNode {
		if (name === "entry_id") return <a href={`/exchange/${text}`}>{t("message.entry")}</a>;
		if (keys.includes(text)) return <Agent of={text} />;
		if (INSTANT.test(text)) return <Time at={text} />;
		if (name === "content") return goods(text);
		if (claim && !ownWords) return <ClaimText by={common("claimSender")}>{text}</ClaimText>;
		return (
			<span className={/^[0-9a-f:]{40,}|^sha256:/.test(text) ? "break-all font-mono text-sm" : ""}>
				{text}
			</span>
		);
	}

	/** Their maker's words, laid out as they were made; folded away where they are long. */
	function goods(text: string): ReactNode {
		const whole = (
			<ClaimText by={common(ownWords ? "claimSeller" : "claimSender")} mono>
				{text}
			</ClaimText>
		);
		if (text.length < LONG) return whole;
		return (
			<details>
				<summary>{t("message.attached", { bytes: new TextEncoder().encode(text).length })}</summary>
				<div className="mt-1">{whole}</div>
			</details>
		);
	}
}

function isDetached(value: unknown): value is { bytes: number; sha256: string } {
	return typeof value === "object" && value !== null && "sha256" in value && "bytes" in value;
}
