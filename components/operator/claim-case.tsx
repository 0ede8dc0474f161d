"use client";
import { useTranslations } from "use-intl";
import { useAct } from "@/components/act/act";
import { Button } from "@/components/ui/button";

/** Tells the others that one is at it: binds nobody, moves nothing, and so is signed by one press. */
export function ClaimCase({ id, own }: { id: string; own: boolean }) {
	const t = useTranslations("operator");
	const act = useAct();
	return (
		<div className="flex flex-col items-end gap-1">
			<Button
				small
				shortcut="c"
				disabled={act.busy}
				title={t("case.claimSays")}
				onClick={() => act.sign({ operation: "operator:claim", payload: {}, antecedents: [id] })}
			>
				{own ? t("case.claimAgain") : t("case.claim")}
			</Button>
			<span role="status" className="text-quiet text-sm">
				{act.step.is === "refused" && act.step.refused.detail}
				{act.step.is === "not-processed" && t("case.claimFailed")}
				{act.step.is === "recorded" && <span className="sr-only">{t("case.claimed")}</span>}
			</span>
		</div>
	);
}
