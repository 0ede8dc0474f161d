"use client";
import { useTranslations } from "use-intl";
import { Select, TextField } from "@/components/ui/field";
import { fingerprint } from "@/components/ui/mark";
import type { Role } from "@/lib/agents/roles";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

const REASONS = ["joined", "known", "watch"] as const;

/** Gives a key a role. `subject`: the key, when it is chosen already. */
export function GrantRole({ subject, roles }: { subject: string | undefined; roles: readonly Role[] }) {
	const t = useTranslations("operator");
	return (
		<RulingForm
			name={`grant:${subject ?? ""}`}
			acting={(data) => ({
				operation: "operator:grant",
				payload: {
					subject: subject ?? String(data.get("subject")).trim(),
					role: String(data.get("role")),
					reason: reasonOf(data),
				},
			})}
			says={({ payload }) =>
				t("agents.saysGrant", {
					who: fingerprint(String(payload.subject)),
					role: t(`roles.${payload.role as Role}`),
				})
			}
			label={t("agents.signGrant")}
		>
			{(act) => (
				<>
					{subject === undefined && (
						<TextField
							name="subject"
							required
							label={t("agents.subject")}
							hint={t("agents.subjectHint")}
							pattern="[0-9a-f]{64}"
							title={t("agents.subjectHint")}
							spellCheck={false}
							autoComplete="off"
							error={act.errorAt("/payload/subject")}
						/>
					)}
					<Select
						name="role"
						label={t("agents.role")}
						error={act.errorAt("/payload/role") ?? (subject && act.errorAt("/payload/subject"))}
						options={roles.map((value) => ({ value, label: t(`agents.grants.${value}`) }))}
					/>
					<Reasons
						required
						reasons={REASONS.map((one) => t(`agents.grantReasons.${one}`))}
						error={act.errorAt("/payload/reason")}
					/>
				</>
			)}
		</RulingForm>
	);
}
