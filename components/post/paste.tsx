"use client";
import { useTranslations } from "use-intl";
import { TextArea } from "@/components/ui/field";

/** The seed's template, to be filled in or pasted over: read as it is written, in whatever form people write it. */
export function Paste({
	text,
	change,
	wrong,
}: {
	text: string;
	change(text: string): void;
	wrong: string | undefined;
}) {
	const t = useTranslations("post");
	return (
		<TextArea
			name="text"
			mono
			rows={14}
			spellCheck={false}
			value={text}
			onChange={({ target }) => change(target.value)}
			label={t("form.paste")}
			hint={t("form.pasteHint")}
			error={wrong}
		/>
	);
}
