"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Acting, type Recorded, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Select, TextArea, TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import type { Payload } from "@/lib/log/message";
import { Foretold, heldFor } from "./foretold";

export interface Prefilled {
	description?: string;
	type?: string;
	domains?: string;
}

/** What the door still takes of this key. `from`, ms since 1970: when it takes the next, by its own clock; `waitMs` until then. */
export interface PutsLeft {
	left: number;
	count: number;
	from: number;
	waitMs: number;
}

const MOST_BYTES = 1_048_576;
const MOST_DESCRIPTION = 4096;
const TYPES = ["code", "analysis", "summary", "plan", "data", "review", "other"] as const;
const TIERS = ["hot", "warm", "cold"] as const;

/** A put as a form: what it would fetch is told before anything is signed. */
export function SellForm({
	puts,
	prefilled,
	close,
}: {
	/** Of who is signed in. */
	puts: PutsLeft | undefined;
	prefilled: Prefilled;
	/** The seller's own closure on the board that it comes from. */
	close: string | undefined;
}) {
	const t = useTranslations("sell");
	const common = useTranslations("common");
	const form = useRef<HTMLFormElement>(null);
	const [content, setContent] = useState("");
	const [description, setDescription] = useState(prefilled.description ?? "");
	const [wrongFile, setWrongFile] = useState<string>();
	const draft = useDraft(form, close === undefined ? "sell" : `sell ${close}`, () => {
		setContent("");
		setDescription(prefilled.description ?? "");
	});
	// Held puts are ruled on by a person: nobody waits for that with a page open.
	const [isHeld, setHeld] = useState(false);
	const act = useAct({ wait: isHeld ? 0 : 20, onRecorded: draft.discard });
	const { step } = act;
	useEffect(() => {
		if (step.is === "review") setHeld(heldFor(step.effects) !== undefined);
	}, [step]);
	const bytes = new TextEncoder().encode(content).length;
	const tokens = Math.ceil(bytes / 4);

	const look = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const put = putOf(new FormData(event.currentTarget));
		act.look(close === undefined ? put : { ...put, antecedents: [close] });
	};
	const recorded = step.is === "recorded" ? step.recorded : undefined;
	const noneUntil = useNoneUntil(puts);

	return (
		<div className="flex max-w-text flex-col gap-5 pb-6">
			{puts &&
				(noneUntil === undefined ? (
					<p className="text-quiet">{t("left.some", { left: puts.left, count: puts.count })}</p>
				) : (
					<Notice tone="risk" title={t("left.none")}>
						{t("left.noneText", { count: puts.count, when: noneUntil })}
					</Notice>
				))}
			<Restored draft={draft} />
			<form ref={form} onSubmit={look} className="flex flex-col gap-5" hidden={recorded !== undefined}>
				<TextArea
					name="content"
					required
					rows={10}
					mono
					value={content}
					onChange={({ target }) => setContent(target.value)}
					label={t("form.content")}
					aside={t("form.size", { bytes, tokens })}
					error={bytes > MOST_BYTES ? t("form.tooLarge") : act.errorAt("/payload/content")}
					hint={
						<>
							{t("form.contentHint")} {bytes > 0 && t(tokens < 500 ? "form.small" : "form.previewed")}
						</>
					}
				/>
				<TextField
					name="file"
					type="file"
					label={t("form.file")}
					error={wrongFile}
					onChange={async ({ target }) => {
						const [file] = target.files ?? [];
						if (!file) return;
						setWrongFile(undefined);
						if (file.size > MOST_BYTES) return setWrongFile(t("form.tooLarge"));
						try {
							setContent(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
						} catch {
							setWrongFile(t("form.fileWrong"));
						}
					}}
				/>
				<TextArea
					name="description"
					required
					rows={3}
					value={description}
					onChange={({ target }) => setDescription(target.value)}
					label={t("form.description")}
					aside={t("form.count", { count: [...description].length, most: MOST_DESCRIPTION })}
					hint={t("form.descriptionHint")}
					error={act.errorAt("/payload/description")}
				/>
				<div className="grid gap-5 sm:grid-cols-2">
					<TextField
						name="token_cost"
						required
						inputMode="numeric"
						label={t("form.cost")}
						hint={t("form.costHint")}
						error={act.errorAt("/payload/token_cost")}
					/>
					<Select
						name="content_type"
						label={t("form.type")}
						defaultValue={prefilled.type ?? "code"}
						options={TYPES.map((value) => ({ value, label: common(`types.${value}`) }))}
						error={act.errorAt("/payload/content_type")}
					/>
				</div>
				<TextField
					name="domains"
					autoCapitalize="none"
					label={t("form.domains")}
					hint={t("form.domainsHint")}
					defaultValue={prefilled.domains}
					error={act.errorAt("/payload/domains")}
				/>
				<details>
					<summary className="text-quiet">{t("form.more")}</summary>
					<div className="mt-3 grid gap-5 sm:grid-cols-2">
						<TextField
							name="ttl_hours"
							inputMode="numeric"
							label={t("form.ttl")}
							hint={t("form.ttlHint")}
							error={act.errorAt("/payload/ttl_hours")}
						/>
						<Select
							name="compression_tier"
							label={t("form.tier")}
							options={[
								{ value: "", label: t("form.tierAny") },
								...TIERS.map((value) => ({ value, label: t(`form.tiers.${value}`) })),
							]}
							error={act.errorAt("/payload/compression_tier")}
						/>
					</div>
				</details>
				<div>
					<Button
						type="submit"
						weight={step.is === "review" ? "plain" : "next"}
						disabled={act.busy || bytes > MOST_BYTES || noneUntil !== undefined}
						why={noneUntil && t("left.from", { when: noneUntil })}
					>
						{t("form.look")}
					</Button>
				</div>
			</form>
			<Signing
				act={act}
				says={
					step.is === "review"
						? t("says", {
								type: common(`types.${step.acting.payload.content_type as "code"}`),
								tokens,
								what: description,
							})
						: ""
				}
				label={t("sign")}
				foretold={(answers, effects, known) =>
					known ? (
						<Notice>{t("known")}</Notice>
					) : (
						<Foretold answers={answers} effects={effects} cost={costOf(step)} />
					)
				}
				done={recorded && <Answered recorded={recorded} held={isHeld} />}
			/>
		</div>
	);
}

/** The time of day until which no put is taken; then the page asks again by itself. */
function useNoneUntil(puts: PutsLeft | undefined): string | undefined {
	const format = useFormatter();
	const router = useRouter();
	const none = puts?.left === 0 ? puts : undefined;
	useEffect(() => {
		if (!none) return;
		const asking = setTimeout(router.refresh, none.waitMs);
		return () => clearTimeout(asking);
	}, [none, router]);
	return none && format.dateTime(none.from, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** How the exchange answered, once it has. */
function Answered({ recorded: { message, replies }, held }: { recorded: Recorded; held: boolean }) {
	const t = useTranslations("sell");
	const ruling = replies[0]?.payload as { phase?: string; price?: number } | undefined;
	return (
		<span className="block">
			{ruling?.phase === "put-accept"
				? t("done.accepted", { price: ruling.price ?? 0 })
				: t(ruling ? "done.rejected" : held ? "done.held" : "done.waits")}{" "}
			<a href={`/exchange/${message.id}`}>{t("done.see")}</a> · <a href="/desk">{t("done.desk")}</a>
		</span>
	);
}

function putOf(form: FormData): Acting {
	const said = (name: string) => String(form.get(name) ?? "").trim();
	const number = (name: string) => {
		const text = said(name).replace(/[,_\s]/g, "");
		// What is no number goes to the door as it was written, which says so at its field.
		return /^\d{1,15}$/.test(text) ? Number(text) : text;
	};
	const domains = said("domains")
		.split(/[,\s]+/)
		.filter((one) => one !== "");
	const payload: Payload = {
		description: String(form.get("description")),
		content: String(form.get("content")).replaceAll("\r\n", "\n"),
		token_cost: number("token_cost"),
		content_type: said("content_type"),
		...(domains.length > 0 && { domains }),
		...(said("ttl_hours") !== "" && { ttl_hours: number("ttl_hours") }),
		...(said("compression_tier") !== "" && { compression_tier: said("compression_tier") }),
	};
	return { operation: "exchange:put", payload };
}

function costOf(step: { is: string; acting?: Acting }): number {
	return Number(step.acting?.payload.token_cost ?? 0);
}
