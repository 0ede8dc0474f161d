"use client";
import { useTranslations } from "use-intl";
import { Saying } from "@/components/act/saying";
import { TextArea, TextField } from "@/components/ui/field";

/** The other one's word on a close. */
export function AnswerClose({ close, days }: { close: string; days: number }) {
	const t = useTranslations("deal");
	return (
		<div className="flex max-w-text flex-col gap-5">
			<Saying
				acting={{ operation: "board:confirm", payload: {}, antecedents: [close] }}
				blocked={undefined}
				label={t("answer.confirm.label")}
				says={t("answer.confirm.says")}
				weight="next"
				look
			>
				{(act) => (
					<>
						<p className="text-quiet">{t("answer.confirm.lead")}</p>
						<TextField
							name="note"
							label={t("answer.confirm.note")}
							error={act.errorAt("/payload/note")}
							dir="auto"
						/>
					</>
				)}
			</Saying>
			<details>
				<summary className="text-quiet">{t("answer.contest.summary")}</summary>
				<div className="mt-3 border-line border-l pl-4">
					<Saying
						acting={{ operation: "board:contest", payload: {}, antecedents: [close] }}
						blocked={undefined}
						label={t("answer.contest.label")}
						says={t("answer.contest.says")}
						weight="loss"
						look
					>
						{(act) => (
							<>
								<p className="text-quiet">{t("answer.contest.lead", { days })}</p>
								<TextArea
									name="reason"
									label={t("answer.contest.reason")}
									error={act.errorAt("/payload/reason")}
									required
									dir="auto"
								/>
							</>
						)}
					</Saying>
				</div>
			</details>
		</div>
	);
}

/** That nobody came: from the window's end on. */
export function NoShow({ agree, early }: { agree: string; early: string | undefined }) {
	const t = useTranslations("deal");
	return (
		<details className="max-w-text">
			<summary className="text-quiet">{t("noShow.summary")}</summary>
			<div className="mt-3 border-line border-l pl-4">
				<Saying
					acting={{ operation: "board:no-show", payload: {}, antecedents: [agree] }}
					blocked={early === undefined ? undefined : t("noShow.early", { when: early })}
					label={t("noShow.label")}
					says={t("noShow.says")}
					weight="loss"
					look
				>
					{(act) => (
						<>
							<p className="text-quiet">{t("noShow.lead")}</p>
							<TextField
								name="note"
								label={t("noShow.note")}
								error={act.errorAt("/payload/note")}
								dir="auto"
							/>
						</>
					)}
				</Saying>
			</div>
		</details>
	);
}

/** From purse to purse, at once. */
export function Pay({
	agree,
	budget,
	hot,
}: {
	agree: string;
	budget: { cap: string; unit: string };
	/** Whole scrip at hand. */
	hot: number;
}) {
	const t = useTranslations("deal");
	const inScrip = budget.unit.toLowerCase() === "scrip";
	return (
		<details className="max-w-text" open={inScrip}>
			<summary className="text-quiet">{t("pay.title")}</summary>
			<div className="mt-3 border-line border-l pl-4">
				<Saying
					acting={{ operation: "board:pay", payload: {}, antecedents: [agree] }}
					blocked={undefined}
					label={t("pay.label")}
					says={t("pay.says")}
					look
					payload={(data) => {
						const note = String(data.get("note") ?? "").trim();
						return { amount: Number(data.get("amount")), ...(note !== "" && { note }) };
					}}
				>
					{(act) => (
						<>
							<p className="text-quiet">
								{t("pay.lead", { hot })} {inScrip ? t("pay.budget", budget) : t("pay.outside", budget)}
							</p>
							<TextField
								name="amount"
								type="number"
								inputMode="numeric"
								min={1}
								max={10_000_000}
								step={1}
								required
								label={t("pay.amount")}
								error={act.errorAt("/payload/amount")}
							/>
							<TextField name="note" label={t("pay.note")} error={act.errorAt("/payload/note")} dir="auto" />
						</>
					)}
				</Saying>
			</div>
		</details>
	);
}
