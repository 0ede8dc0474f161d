"use client";
import { useTranslations } from "use-intl";
import { Select, TextArea } from "@/components/ui/field";

/** Why: a sentence of the list, a note of one's own, or both. It is signed with the act and public for ever. */
export function Reasons({
	reasons,
	required = false,
	error,
}: {
	/** Sentences, or what stands for them in a payload. */
	reasons: readonly (string | { value: string; label: string })[];
	/** One of the two must be there. */
	required?: boolean;
	error?: string;
}) {
	const t = useTranslations("operator");
	return (
		<div className="grid gap-4 sm:grid-cols-2">
			<Select
				name="reason"
				label={t("reason.label")}
				hint={required ? t("reason.required") : t("reason.optional")}
				options={[
					...reasons.map((one) => (typeof one === "string" ? { value: one, label: one } : one)),
					{ value: "", label: t("reason.none") },
				]}
				defaultValue=""
			/>
			<TextArea
				name="note"
				label={t("reason.note")}
				hint={t("reason.public")}
				error={error}
				maxLength={1900}
				rows={2}
				className="[&_textarea]:min-h-0"
			/>
		</div>
	);
}

/** The sentence chosen and the note, as they are signed. */
export function reasonOf(data: FormData, sentence = String(data.get("reason") ?? "")): string {
	return [sentence, String(data.get("note") ?? "").trim()].filter((part) => part !== "").join(" ");
}
