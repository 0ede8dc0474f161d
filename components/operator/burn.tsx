"use client";
import { useTranslations } from "use-intl";
import { TextField } from "@/components/ui/field";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

/** Scrip of the treasury goes out of existence: it cannot be taken back. */
export function Burn() {
	const t = useTranslations("operator");
	return (
		<RulingForm
			name="burn"
			acting={(data) => ({
				operation: "scrip:burn",
				payload: { amount: Number(data.get("amount")), reason: reasonOf(data) },
			})}
			says={({ payload }) => t("money.saysBurn", { amount: Number(payload.amount) })}
			label={t("money.signBurn")}
		>
			{(act) => (
				<>
					<TextField
						name="amount"
						type="number"
						required
						min={1}
						label={t("money.amount")}
						aside={t("unit.scrip")}
						hint={t("money.burnHint")}
						error={act.errorAt("/payload/amount")}
					/>
					<Reasons
						required
						reasons={(["announced", "surplus", "mistake"] as const).map((one) =>
							t(`money.burnReasons.${one}`),
						)}
						error={act.errorAt("/payload/reason")}
					/>
				</>
			)}
		</RulingForm>
	);
}
