"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import { type Held, note, secretOf } from "@/lib/client/keyring";

const LEAST = 12;

/** Saves a key as an encrypted file. */
export function BackUp({ of, onSaved }: { of: Held; onSaved?(): void }) {
	const t = useTranslations("key");
	const [busy, setBusy] = useState(false);
	const [wrong, setWrong] = useState<string>();
	const [saved, setSaved] = useState<string>();
	return (
		<form
			className="flex flex-col gap-3"
			onSubmit={async (event) => {
				event.preventDefault();
				const passphrase = String(new FormData(event.currentTarget).get("passphrase"));
				if ([...passphrase].length < LEAST) return setWrong(t("passphraseShort"));
				setWrong(undefined);
				setBusy(true);
				const { backup } = await import("@/lib/client/backup");
				const secret = (await secretOf(of.key))!;
				const text = await backup({ key: of.key, secret, name: of.name }, passphrase);
				const file = `agent-key-${of.key.slice(0, 8)}.json`;
				save(text, file);
				await note(of.key, { backedUpAt: Date.now() });
				setBusy(false);
				setSaved(file);
				onSaved?.();
			}}
		>
			<p className="text-quiet">{t("backupLead")}</p>
			<TextField
				name="passphrase"
				type="password"
				required
				label={t("passphrase")}
				hint={t("passphraseHint")}
				error={wrong}
				autoComplete="new-password"
			/>
			<div>
				<Button type="submit" weight="next" disabled={busy}>
					{busy ? t("encrypting") : t("download")}
				</Button>
			</div>
			{saved !== undefined && (
				<Notice tone="good" role="status">
					{t("saved", { file: saved })}
				</Notice>
			)}
		</form>
	);
}

function save(text: string, file: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = file;
	link.click();
	URL.revokeObjectURL(url);
}
