"use client";
import { useFormatter, useTranslations } from "use-intl";
import type { Foretold as Answer, Effects } from "@/components/act/act";
import { Notice } from "@/components/ui/layout";

const FACTORS = ["reputation", "demand", "inventory", "freshness"] as const;

/** What of a put-accept, or of a put-reject, is looked at here. */
interface Ruling {
	price: number;
	appraisal: number;
	factors: Record<string, number>;
	code: "resale" | "implausible" | "inventory" | "reputation" | "demand" | "not-reviewed" | "other";
}

/** What the exchange would say to a put at this moment, and why (RULES, "Put price"). */
export function Foretold({ answers, effects, cost }: { answers: Answer[]; effects: Effects; cost: number }) {
	const t = useTranslations("sell");
	const format = useFormatter();
	const [answer] = answers;
	if (!answer) {
		const why = heldFor(effects);
		if (why === undefined) return null;
		return (
			<Notice tone="risk" title={t("would.held")}>
				{t(`would.heldFor.${why}`)} {t("would.heldMore")}
			</Notice>
		);
	}
	const ruling = answer.payload as unknown as Ruling;
	if (answer.operation === "exchange:settle/put-reject")
		return (
			<Notice tone="loss" title={t("would.rejected")}>
				{t(`would.codes.${ruling.code}`)}
			</Notice>
		);
	const { price, appraisal, factors } = ruling;
	return (
		<div className="flex flex-col gap-2">
			<p className="font-semibold text-title">{t("would.accepted", { price: format.number(price) })}</p>
			<p className="text-quiet">
				{t("would.worth", {
					appraisal: format.number(appraisal),
					cost,
					rate: format.number(factors.rate ?? 0, { maximumFractionDigits: 3 }),
					rest: format.number(appraisal - price),
				})}
			</p>
			{factors.copy_of !== undefined && (
				<Notice tone="risk">{t("would.copy", { seq: format.number(factors.copy_of) })}</Notice>
			)}
			<details className="text-sm">
				<summary className="text-quiet">{t("would.factors")}</summary>
				<ul className="mt-1">
					{FACTORS.map((name) => (
						<li key={name}>
							{t(`would.factor.${name}`)} ×{" "}
							{format.number(factors[name] ?? 1, { minimumFractionDigits: 2, maximumFractionDigits: 3 })}
						</li>
					))}
				</ul>
			</details>
		</div>
	);
}

/** Why a put would wait for a house operator; undefined when the exchange would rule on it itself. */
export function heldFor({ objects }: Effects): "auto-accept-off" | "reputation" | "appraisal" | undefined {
	const held = objects.find(({ kind, to }) => kind === "entry" && to?.startsWith("held: "));
	return held?.to?.slice("held: ".length) as ReturnType<typeof heldFor>;
}
