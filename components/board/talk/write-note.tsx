"use client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import type { Reader } from "@/lib/client/notes";
import type { NoteKey } from "./use-note-key";

/** board:note: what is written here leaves this browser as ciphertext alone. */
export function WriteNote({
	agree,
	other,
	to,
	exchange,
	mine,
	most,
}: {
	agree: string;
	/** The other one's name. */
	other: string;
	to: Reader;
	exchange: string;
	mine: Extract<NoteKey, { is: "here" }>;
	/** Bytes of UTF-8. */
	most: number;
}) {
	const t = useTranslations("deal");
	const form = useRef<HTMLFormElement>(null);
	const [text, setText] = useState("");
	const [failed, setFailed] = useState(false);
	const draft = useDraft(form, `note:${agree}`, () => setText(""));
	const act = useAct({
		onRecorded() {
			draft.discard();
			setText("");
		},
	});
	const bytes = new TextEncoder().encode(text).length;
	const over = bytes - most;
	return (
		<form
			ref={form}
			className="flex max-w-text flex-col gap-3"
			onSubmit={async (event) => {
				event.preventDefault();
				setFailed(false);
				try {
					const { notePayload } = await import("@/lib/client/notes");
					const payload = notePayload(text, mine.key, to, exchange, agree);
					await act.sign({ operation: "board:note", payload, antecedents: [agree] });
				} catch {
					setFailed(true);
				}
			}}
		>
			<Restored draft={draft} />
			<TextArea
				name="note"
				label={t("notes.write", { who: other })}
				hint={t("notes.hint")}
				aside={t("notes.bytes", { count: bytes, most })}
				error={
					over > 0
						? t("notes.tooLong", { over })
						: failed
							? t("notes.failed", { who: other })
							: act.errorAt("/payload/sealed")
				}
				value={text}
				onChange={({ target }) => {
					setText(target.value);
					if (act.step.is === "recorded") act.reset();
				}}
				required
				dir="auto"
			/>
			<div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
				<Button type="submit" disabled={act.busy || over > 0 || text.trim() === ""}>
					{t("notes.send")}
				</Button>
				<span className="text-quiet text-sm">{t("notes.says", { who: other })}</span>
			</div>
			<Signing act={act} says={t("notes.says", { who: other })} />
		</form>
	);
}
