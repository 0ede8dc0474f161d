"use client";
import { useTranslations } from "use-intl";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

/** The second word to an act above the sum: with it the act is done. `says`: what the first house operator said. */
export function Agree({ id, says }: { id: string; says: string }) {
	const t = useTranslations("operator");
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
