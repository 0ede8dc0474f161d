"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActButton } from "@/components/act/act-button";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { type Held, make, remove } from "@/lib/client/keyring";
import type { Payload } from "@/lib/log/message";
import { BackUp } from "./back-up";

/** Makes a recovery key: saved as an encrypted file first, then named in the profile, then taken out of this browser. */
export function MakeRecovery({ profile, onClose }: { profile: Payload; onClose(): void }) {
	const t = useTranslations("key");
	const [made, setMade] = useState<Held>();
	const [saved, setSaved] = useState(false);
	const [gone, setGone] = useState(false);
	return (
		<Dialog title={t("recovery.makeTitle")} onClose={onClose}>
			{!made ? (
				<>
					<p className="text-quiet">{t("recovery.makeLead")}</p>
					<div>
						<Button weight="next" onClick={() => make(t("recovery.name")).then(setMade)}>
							{t("recovery.make")}
						</Button>
					</div>
				</>
			) : (
				<ol className="flex list-decimal flex-col gap-5 pl-5">
					<li className="flex flex-col gap-3">
						<p className="font-medium">{t("recovery.save")}</p>
						<BackUp of={made} onSaved={() => setSaved(true)} />
					</li>
					{saved && (
						<li className="flex flex-col gap-3">
							<p className="font-medium">{t("recovery.nameIt")}</p>
							<ActButton
								acting={{ operation: "agent:profile", payload: { ...profile, recovery_key: made.key } }}
								label={t("recovery.publish")}
								says={t("recovery.says", { fingerprint: fingerprint(made.key) })}
								weight="next"
							/>
						</li>
					)}
					{saved && (
						<li className="flex flex-col gap-3">
							<p className="font-medium">{t("recovery.away")}</p>
							<p className="text-quiet">{t("recovery.awayWhy")}</p>
							{gone ? (
								<Notice tone="good" role="status">
									{t("recovery.gone")}
								</Notice>
							) : (
								<div>
									<Button onClick={() => remove(made.key).then(() => setGone(true))}>{t("remove")}</Button>
								</div>
							)}
						</li>
					)}
				</ol>
			)}
		</Dialog>
	);
}
