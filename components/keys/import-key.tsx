"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { type Held, keep } from "@/lib/client/keyring";

/** A key from its backup file. */
export function ImportKey({ onImported }: { onImported(held: Held): void }) {
	const t = useTranslations("key");
	const [wrong, setWrong] = useState<{ file?: string; passphrase?: string }>({});
	const [busy, setBusy] = useState(false);
	return (
		<form
			className="flex flex-col gap-3"
			onSubmit={async (event) => {
				event.preventDefault();
				const form = new FormData(event.currentTarget);
				const file = form.get("file") as File;
				setBusy(true);
				setWrong({});
				const { restore } = await import("@/lib/client/backup");
				// A backup has a few hundred bytes; a film that was chosen by mistake must not be read whole.
				const text = file.size > 65_536 ? "" : await file.text();
				const opened = await restore(text, String(form.get("passphrase")));
				setBusy(false);
				if (opened === "not-a-backup") return setWrong({ file: t("wrongFile") });
				if (typeof opened === "string") return setWrong({ passphrase: t("wrongPassphrase") });
				onImported(await keep(opened, opened.name ?? t("needed.default"), Date.now()));
			}}
		>
			<p className="text-quiet">{t("importLead")}</p>
			<TextField
				name="file"
				type="file"
				required
				label={t("file")}
				error={wrong.file}
				accept=".json,application/json"
			/>
			<TextField
				name="passphrase"
				type="password"
				label={t("passphrase")}
				error={wrong.passphrase}
				autoComplete="current-password"
			/>
			<div>
				<Button type="submit" disabled={busy}>
					{busy ? t("opening") : t("open")}
				</Button>
			</div>
		</form>
	);
}
