"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { claimHouse, type Said } from "@/app/door";
import { useKeys } from "@/components/keys/keys";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/layout";

type Step = { is: "ready" | "asking" | "failed" } | { is: "refused"; said: Said };

/** Takes the token out of the address, where no server and no log sees it, and a key to give the role to. */
export function ClaimHouse({ claimed }: { claimed: boolean }) {
	const t = useTranslations("operator");
	const router = useRouter();
	const { speaker } = useKeys();
	const [token, setToken] = useState<string>();
	const [step, setStep] = useState<Step>({ is: "ready" });

	useEffect(() => {
		const read = () => setToken(location.hash.slice(1).trim());
		read();
		addEventListener("hashchange", read);
		return () => removeEventListener("hashchange", read);
	}, []);

	const claim = async () => {
		const exchange = await speaker();
		if (!exchange) return;
		setStep({ is: "asking" });
		const said = await claimHouse(token!).catch(() => undefined);
		if (!said || said.status === 503) return setStep({ is: "failed" });
		if (said.status !== 201) return setStep({ is: "refused", said });
		// Used: what is left of it in the address and the history opens nothing any more.
		history.replaceState(null, "", location.pathname);
		router.refresh();
	};

	const used = step.is === "refused" && step.said.status === 409;
	if (token === undefined) return <p className="text-quiet">{t("claim.needsScript")}</p>;
	if (token === "")
		return (
			<div className="flex max-w-text flex-col gap-3">
				<Notice tone="risk" title={t("claim.noToken")}>
					{claimed ? t("claim.askHouse") : t("claim.whereLink")}
				</Notice>
			</div>
		);
	return (
		<div className="flex max-w-text flex-col gap-4">
			<ol className="list-decimal space-y-1 pl-5">
				<li>{t("claim.stepKey")}</li>
				<li>{t("claim.stepGrant")}</li>
				<li>{t("claim.stepBackup")}</li>
			</ol>
			{!used && (
				<div>
					<Button weight="next" disabled={step.is === "asking"} onClick={claim}>
						{step.is === "asking" ? t("claim.asking") : t("claim.take")}
					</Button>
				</div>
			)}
			<div aria-live="polite">
				{step.is === "failed" && (
					<Notice tone="risk" role="alert" title={t("claim.failed")}>
						{t("claim.failedNext")}
					</Notice>
				)}
				{step.is === "refused" && (
					<Notice tone="risk" role="alert" title={used ? t("claim.used") : String(step.said.body.detail)}>
						{used ? (claimed ? t("claim.usedAsk") : t("claim.usedRestart")) : String(step.said.body.next)}
					</Notice>
				)}
			</div>
		</div>
	);
}
