"use client";
import { useFormatter, useTranslations } from "use-intl";
import { type Offered, Saying } from "@/components/act/saying";
import { Select, TextArea } from "@/components/ui/field";
import type { Allowance } from "@/lib/exchange/allowance";

const TYPES = ["content_mismatch", "quality_inadequate", "stale_content", "hash_invalid"] as const;
const MICRO = 1_000_000;
/** Seconds: a refund without a ruling is owed at once. */
const PATIENCE = 10;

/** What can be said against a delivery. */
export interface Complaint {
	/** The refund of small content, without a ruling. */
	small?: Offered & { allowance: Allowance; tokens: number };
	dispute: Offered & { days: number };
}

export function Complaints({ small, dispute, wrongHash }: Complaint & { wrongHash: boolean }) {
	const t = useTranslations("settle");
	return (
		<details open={wrongHash}>
			<summary className="text-quiet">{t("wrong")}</summary>
			<div className="mt-3 flex max-w-text flex-col gap-8 border-line border-l pl-4">
				{small && <Refund {...small} />}
				<Dispute {...dispute} wrongHash={wrongHash} />
			</div>
		</details>
	);
}

function Refund({ allowance, tokens, ...offered }: NonNullable<Complaint["small"]>) {
	const t = useTranslations("settle");
	const format = useFormatter();
	const scrip = (micro: number) => format.number(micro / MICRO, { maximumFractionDigits: 6 });
	return (
		<Saying {...offered} wait={PATIENCE} label={t("small.label")} says={t("small.says")} weight="loss" look>
			{(act) => (
				<>
					<div>
						<h4 className="font-medium">{t("small.title")}</h4>
						<p className="text-quiet">{t("small.lead", { tokens })}</p>
						<p className="mt-1 text-quiet">
							{t("small.allowance", {
								left: allowance.left_today,
								free: allowance.free_left,
								most: scrip(allowance.in_30_days),
								rest: scrip(allowance.left_in_30_days),
							})}
						</p>
					</div>
					<TextArea
						name="reason"
						label={t("small.reason")}
						error={act.errorAt("/payload/reason")}
						dir="auto"
					/>
				</>
			)}
		</Saying>
	);
}

function Dispute({ days, wrongHash, ...offered }: Complaint["dispute"] & { wrongHash: boolean }) {
	const t = useTranslations("settle");
	return (
		<Saying {...offered} label={t("dispute.label")} says={t("dispute.says")} weight="loss" look>
			{(act) => (
				<>
					<div>
						<h4 className="font-medium">{t("dispute.title")}</h4>
						<p className="text-quiet">{t("dispute.lead", { days })}</p>
					</div>
					<Select
						key={`${wrongHash}`}
						name="dispute_type"
						label={t("dispute.type")}
						error={act.errorAt("/payload/dispute_type")}
						defaultValue={wrongHash ? "hash_invalid" : TYPES[0]}
						options={TYPES.map((value) => ({ value, label: t(`dispute.types.${value}`) }))}
					/>
					<TextArea
						name="reason"
						label={t("dispute.reason")}
						hint={t("dispute.reasonHint")}
						error={act.errorAt("/payload/reason")}
						required
						dir="auto"
					/>
				</>
			)}
		</Saying>
	);
}

/** What either side adds to a dispute. */
export function Evidence(offered: Offered) {
	const t = useTranslations("settle");
	return (
		<Saying {...offered} label={t("evidence.label")} says={t("evidence.says")}>
			{(act) => (
				<TextArea
					name="reason"
					label={t("evidence.reason")}
					error={act.errorAt("/payload/reason")}
					required
					dir="auto"
				/>
			)}
		</Saying>
	);
}
