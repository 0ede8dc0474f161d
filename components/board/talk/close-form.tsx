"use client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Select, TextArea } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import { ReceiptRows } from "./receipt-rows";
import { receiptsOf } from "./receipts";

const OUTCOMES = ["done", "partial", "not-done"] as const;
const MOST_CHARACTERS = 2_000;

/** board:close: how it went, what came of it, and what shows it. */
export function CloseForm({ agree }: { agree: string }) {
	const t = useTranslations("deal");
	const form = useRef<HTMLFormElement>(null);
	const [filled, setFilled] = useState({ outcome: "done", characters: 0, receipts: 0 });
	/** The rows that were sent, in the order in which the door counts them. */
	const rows = useRef<number[]>([]);
	const draft = useDraft(form, `close:${agree}`);
	const act = useAct({ onRecorded: draft.discard });
	const { is } = act.step;
	return (
		<form
			ref={form}
			className="flex max-w-text flex-col gap-4"
			onInput={({ currentTarget }) => {
				const data = new FormData(currentTarget);
				setFilled({
					outcome: String(data.get("outcome")),
					characters: [...String(data.get("summary"))].length,
					receipts: receiptsOf(data).rows.length,
				});
			}}
			onSubmit={(event) => {
				event.preventDefault();
				const data = new FormData(event.currentTarget);
				const { rows: sent, receipts } = receiptsOf(data);
				rows.current = sent;
				const payload = { outcome: data.get("outcome"), summary: data.get("summary"), receipts };
				act.look({ operation: "board:close", antecedents: [agree], payload });
			}}
		>
			<Restored draft={draft} />
			<p className="text-quiet">{t("close.lead")}</p>
			<Select
				name="outcome"
				label={t("close.outcome")}
				error={act.errorAt("/payload/outcome")}
				options={OUTCOMES.map((value) => ({ value, label: t(`close.outcomes.${value}`) }))}
			/>
			<TextArea
				name="summary"
				label={t("close.summary")}
				hint={t("close.summaryHint")}
				aside={t("close.count", { count: filled.characters, most: MOST_CHARACTERS })}
				error={act.errorAt("/payload/summary")}
				required
				dir="auto"
			/>
			<ReceiptRows
				errorAt={(row, part) =>
					rows.current.includes(row)
						? act.errorAt(`/payload/receipts/${rows.current.indexOf(row)}/${part}`)
						: undefined
				}
			/>
			<div role="status" className="empty:hidden">
				{filled.outcome === "done" && filled.receipts === 0 && (
					<Notice tone="risk">{t("close.unevidenced")}</Notice>
				)}
			</div>
			{is !== "review" && is !== "recorded" && (
				<div>
					<Button type="submit" weight="next" disabled={act.busy}>
						{t("close.label")}
					</Button>
				</div>
			)}
			<Signing act={act} says={t("close.says")} label={t("close.label")} />
		</form>
	);
}
