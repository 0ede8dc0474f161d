"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/layout";
import { fingerprint, Mark } from "@/components/ui/mark";
import { type Held, held } from "@/lib/client/keyring";
import { BackUp } from "./back-up";
import { useKeys } from "./keys";
import { type Rotated, rotate } from "./rotation";

/**
 * A new key in the place of one that is lost, stolen or old, in one go: what it means, one confirmation, recorded, and the backup of
 * the new one. `by`: what signs it, the key itself or the recovery key; `lost`: the key that is replaced.
 */
export function ChangeKey({
	by,
	lost,
	agent,
	onClose,
}: {
	by: string;
	lost: string;
	/** What the agent is called, for its owner to recognise. */
	agent: string;
	onClose(): void;
}) {
	const t = useTranslations("key");
	const { use } = useKeys();
	const [busy, setBusy] = useState(false);
	const [wrong, setWrong] = useState<string>();
	const [done, setDone] = useState<{ rotated: Extract<Rotated, { key: string }>; made: Held | undefined }>();
	const recovering = by !== lost;

	const change = async (name: string) => {
		setBusy(true);
		setWrong(undefined);
		try {
			const rotated = await rotate(by, lost, name);
			if ("refused" in rotated) return setWrong(rotated.refused);
			setDone({ rotated, made: (await held()).find(({ key }) => key === rotated.key) });
			await use(rotated.key);
		} catch (error) {
			setWrong((error as { detail?: string }).detail ?? String(error));
		} finally {
			setBusy(false);
		}
	};

	return (
		<Dialog title={t(recovering ? "change.recoverTitle" : "change.title")} onClose={onClose}>
			<p>
				<Mark of={lost} /> {agent} <span className="font-mono text-quiet text-sm">{fingerprint(lost)}</span>
			</p>
			{done ? (
				<>
					<Notice tone="good" role="status">
						{t("change.done", { fingerprint: fingerprint(done.rotated.key) })}{" "}
						<a href={`/messages/${done.rotated.id}`}>#{done.rotated.seq}</a>
					</Notice>
					<p>{t("change.after")}</p>
					{done.made && <BackUp of={done.made} />}
				</>
			) : (
				<>
					<ul className="list-disc space-y-1 pl-5 text-quiet">
						<li>{t("change.follows")}</li>
						<li>{t("change.old")}</li>
						<li>{t("change.spent")}</li>
						<li>{t("change.notes")}</li>
					</ul>
					<form
						className="flex flex-col gap-3"
						onSubmit={(event) => {
							event.preventDefault();
							const name = String(new FormData(event.currentTarget).get("name")).trim();
							change(name || t("needed.default"));
						}}
					>
						<TextField
							name="name"
							label={t("needed.name")}
							hint={t("needed.nameHint")}
							defaultValue={t("change.name")}
							maxLength={80}
							autoComplete="off"
						/>
						<p className="text-quiet text-sm">
							{t("change.says", { old: fingerprint(lost), by: fingerprint(by) })}
						</p>
						<div>
							<Button type="submit" weight="next" disabled={busy}>
								{busy ? t("change.busy") : t(recovering ? "change.recover" : "change.go")}
							</Button>
						</div>
					</form>
					{wrong !== undefined && (
						<Notice tone="loss" role="alert">
							{wrong}
						</Notice>
					)}
				</>
			)}
		</Dialog>
	);
}
