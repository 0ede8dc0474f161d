"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { fingerprint } from "@/components/ui/mark";
import type { Role } from "@/lib/agents/roles";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

const REASONS = ["left", "lost", "trust"] as const;

/** Takes a role back from a key that has it. */
export function RevokeRole({ subject, role }: { subject: string; role: Role }) {
	const t = useTranslations("operator");
	const [open, setOpen] = useState(false);
	return (
		<div className="py-3">
			<div className="flex items-center justify-between gap-4">
				<span>{t(`agents.grants.${role}`)}</span>
				{!open && (
					<Button small weight="loss" onClick={() => setOpen(true)}>
						{t("agents.revoke", { role: t(`roles.${role}`) })}
					</Button>
				)}
			</div>
			{open && (
				<RulingForm
					name={`revoke:${role}:${subject}`}
					focus
					again={false}
					acting={(data) => ({
						operation: "operator:revoke",
						payload: { subject, role, reason: reasonOf(data) },
					})}
					says={() => t("agents.saysRevoke", { who: fingerprint(subject), role: t(`roles.${role}`) })}
					label={t("agents.signRevoke")}
				>
					{(act) => (
						<Reasons
							required
							reasons={REASONS.map((one) => t(`agents.revokeReasons.${one}`))}
							error={act.errorAt("/payload/reason")}
						/>
					)}
				</RulingForm>
			)}
		</div>
	);
}
