"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { type Recoverable, recoverable } from "@/app/(site)/keys/recoverable";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/layout";
import { fingerprint, Mark } from "@/components/ui/mark";
import { held, onChange } from "@/lib/client/keyring";
import type { Payload } from "@/lib/log/message";
import { ChangeKey } from "./change-key";
import { useKeys } from "./keys";
import { MakeRecovery } from "./recovery";

/** What to do before a key is lost, and after: a recovery key, a change of keys, and the way back. */
export function Safety({ name, profile }: { name: string | undefined; profile: Payload | undefined }) {
	const t = useTranslations("key");
	const { signer, own } = useKeys();
	const [open, setOpen] = useState<"recovery" | "change" | Recoverable>();
	const [holds, setHolds] = useState<boolean>();
	const [others, setOthers] = useState<Recoverable[]>([]);

	useEffect(() => {
		const look = () => {
			held().then(
				async (keys) => {
					setHolds(keys.some(({ key }) => key === signer));
					setOthers(await recoverable(keys.map(({ key }) => key)));
				},
				() => {},
			);
		};
		if (open) return;
		look();
		return onChange(look);
	}, [signer, open]);
	const close = () => setOpen(undefined);
	const recovery = profile?.recovery_key as string | undefined;

	return (
		<div className="flex max-w-text flex-col gap-5 py-3">
			{signer !== undefined && (
				<>
					<div className="flex flex-col gap-2">
						<h3 className="font-medium">{t("recovery.title")}</h3>
						<p className="text-quiet">{t("recovery.lead")}</p>
						<p>
							{recovery === undefined ? (
								<span className="text-risk">{t("recovery.none")}</span>
							) : (
								t("recovery.named", { fingerprint: fingerprint(recovery) })
							)}
						</p>
						<div>
							<Button
								weight={recovery === undefined ? "next" : "plain"}
								why={holds === false ? t("change.elsewhere") : undefined}
								disabled={holds !== true}
								onClick={() => setOpen("recovery")}
							>
								{t(recovery === undefined ? "recovery.make" : "recovery.another")}
							</Button>
						</div>
					</div>
					<div className="flex flex-col gap-2">
						<h3 className="font-medium">{t("change.stolen")}</h3>
						<p className="text-quiet">{t("change.lead")}</p>
						<div>
							<Button
								why={holds === false ? t("change.elsewhere") : undefined}
								disabled={holds !== true}
								onClick={() => setOpen("change")}
							>
								{t("change.start")}
							</Button>
						</div>
						{own.length > 1 && (
							<p className="text-quiet text-sm">{t("change.before", { count: own.length - 1 })}</p>
						)}
					</div>
				</>
			)}
			<div className="flex flex-col gap-2">
				<h3 className="font-medium">{t("lost.title")}</h3>
				<p className="text-quiet">{t("lost.lead")}</p>
				{others.length > 0 && (
					<ul className="divide-y divide-line border-line border-y">
						{others.map((one) => (
							<li
								key={`${one.by} ${one.agent}`}
								className="flex flex-wrap items-center justify-between gap-3 py-2"
							>
								<span>
									<Mark of={one.agent} /> {one.name ?? t("lost.unnamed")}{" "}
									<span className="font-mono text-quiet text-sm">{fingerprint(one.signer)}</span>
								</span>
								<Button small onClick={() => setOpen(one)}>
									{t("lost.recover")}
								</Button>
							</li>
						))}
					</ul>
				)}
				{others.length === 0 && <Notice>{t("lost.none")}</Notice>}
			</div>

			{open === "recovery" && <MakeRecovery profile={profile ?? {}} onClose={close} />}
			{open === "change" && signer !== undefined && (
				<ChangeKey by={signer} lost={signer} agent={name ?? t("lost.unnamed")} onClose={close} />
			)}
			{typeof open === "object" && (
				<ChangeKey by={open.by} lost={open.signer} agent={open.name ?? t("lost.unnamed")} onClose={close} />
			)}
		</div>
	);
}
