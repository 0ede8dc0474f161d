"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import { fingerprint, Mark } from "@/components/ui/mark";
import type { Exchange } from "@/lib/client/connect";
import { canWrap, type Held, held, make } from "@/lib/client/keyring";
import { ImportKey } from "./import-key";

export interface Asked {
	/** Who is signed in, when this browser does not hold that key. */
	absent: string | undefined;
	use(key: string): Promise<Exchange>;
	/** With the exchange to speak to, or nothing when the reader would rather not. */
	done(exchange?: Exchange): void;
}

/** A key is made on first need, in the words of somebody who has never seen one. */
export function KeyDialog({ absent, use, done }: Asked) {
	const t = useTranslations("key");
	const [keys, setKeys] = useState<Held[]>();
	const [importing, setImporting] = useState(false);
	const [busy, setBusy] = useState(false);
	const [wrong, setWrong] = useState<string>();

	useEffect(() => {
		held().then(setKeys, () => setWrong(t("noStore")));
	}, [t]);

	const go = async (key: () => Promise<string>) => {
		setBusy(true);
		setWrong(undefined);
		try {
			done(await use(await key()));
		} catch (error) {
			setWrong(t("refused", { detail: (error as { detail?: string }).detail ?? String(error) }));
			setBusy(false);
		}
	};

	return (
		<Dialog title={absent ? t("absent.title") : t("needed.title")} onClose={() => done()}>
			<p className="text-quiet">
				{absent ? t("absent.lead", { fingerprint: fingerprint(absent) }) : t("needed.lead")}
			</p>
			{!canWrap() && <Notice tone="risk">{t("insecure")}</Notice>}
			{keys !== undefined && keys.length > 0 && (
				<ul className="divide-y divide-line border-line border-y">
					{keys.map(({ key, name }) => (
						<li key={key} className="flex items-center justify-between gap-4 py-2">
							<span>
								<Mark of={key} /> {name}{" "}
								<span className="font-mono text-quiet text-sm">{fingerprint(key)}</span>
							</span>
							<Button small disabled={busy} onClick={() => go(async () => key)}>
								{t("signIn")}
							</Button>
						</li>
					))}
				</ul>
			)}
			{importing ? (
				<ImportKey onImported={({ key }) => go(async () => key)} />
			) : (
				<form
					className="flex flex-col gap-3"
					onSubmit={(event) => {
						event.preventDefault();
						const name = String(new FormData(event.currentTarget).get("name")).trim();
						go(async () => (await make(name || t("needed.default"))).key);
					}}
				>
					<TextField
						name="name"
						label={t("needed.name")}
						hint={t("needed.nameHint")}
						defaultValue={t("needed.default")}
						maxLength={80}
						autoComplete="off"
					/>
					<div className="flex flex-wrap gap-2">
						<Button type="submit" weight="next" disabled={busy || keys === undefined}>
							{busy ? t("signingIn") : t("needed.make")}
						</Button>
						<Button onClick={() => setImporting(true)}>{t("needed.import")}</Button>
					</div>
				</form>
			)}
			{wrong !== undefined && (
				<Notice tone="loss" role="alert">
					{wrong}
				</Notice>
			)}
		</Dialog>
	);
}
