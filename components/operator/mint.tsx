"use client";
import { useTranslations } from "use-intl";
import { TextField } from "@/components/ui/field";
import { fingerprint } from "@/components/ui/mark";
import { RulingForm } from "./ruling-form";

/** New scrip against an outside payment: to an agent by its key, or to the treasury. */
export function Mint() {
	const t = useTranslations("operator");
	return (
		<RulingForm
			name="mint"
			acting={(data) => ({
				operation: "scrip:mint",
				payload: {
					recipient: String(data.get("recipient")).trim(),
					amount: Number(data.get("amount")),
					reference: String(data.get("reference")).trim(),
				},
			})}
			says={({ payload }) =>
				t("money.saysMint", {
					amount: Number(payload.amount),
					to:
						payload.recipient === "treasury"
							? t("money.treasurySelf")
							: fingerprint(String(payload.recipient)),
				})
			}
			label={t("money.signMint")}
		>
			{(act) => (
				<>
					<TextField
						name="recipient"
						required
						label={t("money.recipient")}
						hint={t("money.recipientHint")}
						pattern="[0-9a-f]{64}|treasury"
						title={t("money.recipientHint")}
						spellCheck={false}
						autoComplete="off"
						error={act.errorAt("/payload/recipient")}
					/>
					<div className="grid gap-4 sm:grid-cols-2">
						<TextField
							name="amount"
							type="number"
							required
							min={1}
							max={1_000_000_000}
							label={t("money.amount")}
							aside={t("unit.scrip")}
							error={act.errorAt("/payload/amount")}
						/>
						<TextField
							name="reference"
							required
							maxLength={128}
							label={t("money.reference")}
							hint={t("money.referenceHint")}
							autoComplete="off"
							error={act.errorAt("/payload/reference")}
						/>
					</div>
				</>
			)}
		</RulingForm>
	);
}
