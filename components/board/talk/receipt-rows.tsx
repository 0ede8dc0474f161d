"use client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Select, TextArea, TextField } from "@/components/ui/field";
import { ReceiptFile } from "./receipt-file";
import { MOST_RECEIPTS, RECEIPT_KINDS } from "./receipts";

type Kind = (typeof RECEIPT_KINDS)[number];
const ROWS = Array.from({ length: MOST_RECEIPTS }, (_, row) => row);

/** Ten rows that are there from the beginning, shown as they are needed: so a draft of the form holds them like any other field. */
export function ReceiptRows({ errorAt }: { errorAt(row: number, part: string): string | undefined }) {
	const t = useTranslations("deal");
	const [shown, setShown] = useState<readonly number[]>([]);
	const free = ROWS.find((row) => !shown.includes(row));
	return (
		<fieldset className="flex flex-col gap-4">
			<legend className="font-medium">{t("close.receipts")}</legend>
			<p className="text-quiet text-sm">{t("close.receiptsHint")}</p>
			{ROWS.map((row) => (
				<Row
					key={row}
					row={row}
					shown={shown.includes(row)}
					onFilled={() => setShown((now) => (now.includes(row) ? now : [...now, row].sort()))}
					onRemove={() => setShown((now) => now.filter((one) => one !== row))}
					errorAt={(part) => errorAt(row, part)}
				/>
			))}
			{free !== undefined && (
				<div>
					<Button small onClick={() => setShown((now) => [...now, free].sort())}>
						{t("close.add")}
					</Button>
				</div>
			)}
		</fieldset>
	);
}

function Row({
	row,
	shown,
	onFilled,
	onRemove,
	errorAt,
}: {
	row: number;
	shown: boolean;
	/** Something stands in it: also when that is restored from a draft. */
	onFilled(): void;
	onRemove(): void;
	errorAt(part: string): string | undefined;
}) {
	const t = useTranslations("deal");
	const place = useRef<HTMLFieldSetElement>(null);
	const [kind, setKind] = useState<Kind>(RECEIPT_KINDS[0]);
	const write = (part: string, text: string) => {
		const control = place.current!.querySelector<HTMLInputElement>(`[name="${part}-${row}"]`)!;
		control.value = text;
		control.dispatchEvent(new Event("input", { bubbles: true }));
	};
	const value = {
		name: `value-${row}`,
		label: t(`close.value.${kind}`),
		hint: t(`close.valueHints.${kind}`),
		error: errorAt("value"),
		onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
			currentTarget.value !== "" && onFilled(),
	};
	return (
		<fieldset ref={place} hidden={!shown} className="flex flex-col gap-3 border-line border-l pl-4">
			<legend className="sr-only">{t("close.receipt", { number: row + 1 })}</legend>
			<Select
				name={`kind-${row}`}
				label={t("close.kind")}
				error={errorAt("kind")}
				value={kind}
				onChange={({ target }) => setKind(target.value as Kind)}
				options={RECEIPT_KINDS.map((one) => ({ value: one, label: t(`close.kinds.${one}`) }))}
			/>
			{kind === "hash" && <ReceiptFile onHash={(hash) => write("value", hash)} />}
			{/* One control for all kinds: what was written stays when the kind is put right. */}
			<TextArea
				{...value}
				mono={kind === "hash"}
				dir={kind === "hash" || kind === "link" ? "ltr" : "auto"}
				spellCheck={kind !== "hash" && kind !== "link"}
				rows={2}
				className="[&_textarea]:min-h-0"
			/>
			<TextField name={`note-${row}`} label={t("close.note")} error={errorAt("note")} dir="auto" />
			<div>
				<Button
					small
					onClick={() => {
						write("value", "");
						write("note", "");
						onRemove();
					}}
				>
					{t("close.remove", { number: row + 1 })}
				</Button>
			</div>
		</fieldset>
	);
}
