"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

/**
 * The second word to an act above the sum: with it the act is done. `says`: what the first house operator said. Where it is agreed to
 * already only who has just done so here sees a receipt.
 */
export function Agree({ id, says, agreed }: { id: string; says: string; agreed: boolean }) {
	const t = useTranslations("operator");
	const [done, setDone] = useState(false);
	if (agreed && !done) return null;
	return (
		<RulingForm
			name={`second:${id}`}
			acting={(data) => ({
				operation: "operator:second",
				payload: { reason: reasonOf(data) },
				antecedents: [id],
			})}
			says={() => t("second.says", { act: says })}
			label={t("second.sign")}
			again={false}
			onRecorded={() => setDone(true)}
		>
			{(act) => (
				<Reasons
					required
					reasons={(["checked", "agreed"] as const).map((one) => t(`second.reasons.${one}`))}
					error={act.errorAt("/payload/reason")}
				/>
			)}
		</RulingForm>
	);
}
