"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

const REASONS = {
	accepted: ["mismatch", "inadequate", "stale", "hash"],
	declined: ["asDescribed", "seenBefore", "notShown", "usable"],
} as const;
const VERDICTS = ["accepted", "declined"] as const;

/** The verdict on a dispute: the buyer gets its scrip back, or the sale stands. */
export function RuleDispute({
	id,
	entry,
	open,
	own,
	next,
}: {
	id: string;
	entry: string;
	open: boolean;
	/** The reader is a party, or shares an owner with one. */
	own: boolean;
	next: string | undefined;
}) {
	const t = useTranslations("operator");
	const [verdict, setVerdict] = useState<(typeof VERDICTS)[number]>();
	const [done, setDone] = useState(false);
	if (!open && !done) return null;
	return (
		<section aria-label={t("dispute.ruling")} className="border-line border-b py-3">
			{!done && (
				<div className="flex flex-wrap gap-2">
					{VERDICTS.map((one) => (
						<Button
							key={one}
							shortcut={one === "accepted" ? "a" : "r"}
							disabled={own}
							aria-expanded={verdict === one}
							onClick={() => setVerdict(one)}
						>
							{t(`dispute.verdict.${one}`)}
						</Button>
					))}
					{own && <p className="basis-full text-quiet text-sm">{t("dispute.own")}</p>}
				</div>
			)}
			{verdict && (
				<RulingForm
					key={verdict}
					name={`${verdict}:${id}`}
					focus
					acting={(data) => ({
						operation: "exchange:settle/verdict",
						antecedents: [id],
						payload: { entry_id: entry, verdict, reason: reasonOf(data) },
					})}
					says={() => t(`dispute.says.${verdict}`)}
					label={t(`dispute.sign.${verdict}`)}
					next={{ href: next ?? "/operator", name: next ? t("case.next") : t("case.back") }}
					onRecorded={() => setDone(true)}
				>
					{(act) => (
						<>
							<p className="text-quiet">{t(`dispute.means.${verdict}`)}</p>
							<Reasons
								required
								reasons={REASONS[verdict].map((one) => t(`dispute.reasons.${one}`))}
								error={act.errorAt("/payload/reason")}
							/>
						</>
					)}
				</RulingForm>
			)}
		</section>
	);
}
