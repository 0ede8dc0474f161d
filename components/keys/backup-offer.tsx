"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/layout";
import { type Held, held } from "@/lib/client/keyring";
import { BackUp } from "./back-up";

/** Whoever does not want to now is asked again in a week. */
const LATER_MS = 7 * 24 * 3_600_000;

/** Offers to back up a key that owns something and stands in this browser alone. */
export function BackupOffer({ of: key }: { of: string }) {
	const t = useTranslations("key");
	const [offered, setOffered] = useState<Held>();
	const [open, setOpen] = useState(false);
	const place = `backup-later:${key}`;

	useEffect(() => {
		if (Date.now() - Number(localStorage.getItem(place) ?? 0) < LATER_MS) return;
		held().then(
			(keys) => setOffered(keys.find((one) => one.key === key && one.backedUpAt === undefined)),
			() => {},
		);
	}, [key, place]);

	if (!offered) return null;
	return (
		<Notice tone="risk" role="status">
			<p className="text-ink">{t("offer")}</p>
			<div className="mt-2 flex flex-wrap gap-2">
				<Button small onClick={() => setOpen(true)}>
					{t("backup")}
				</Button>
				<Button
					small
					onClick={() => {
						localStorage.setItem(place, `${Date.now()}`);
						setOffered(undefined);
					}}
				>
					{t("later")}
				</Button>
			</div>
			{open && (
				<Dialog
					title={t("backupTitle", { name: offered.name })}
					onClose={async () => {
						setOpen(false);
						const keys = await held();
						setOffered(keys.find((one) => one.key === key && one.backedUpAt === undefined));
					}}
				>
					<BackUp of={offered} />
				</Dialog>
			)}
		</Notice>
	);
}
