"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Acting } from "@/components/act/act";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Reasons, reasonOf } from "./reasons";
import { RulingForm } from "./ruling-form";

const HOUR_MS = 3_600_000;
const ACCEPT_REASONS = ["checked", "known", "wanted", "corrected"] as const;
const CODES = ["demand", "inventory", "implausible", "reputation", "resale"] as const;

export interface Proposed {
	price: number;
	appraisal: number;
	factors: Record<string, number>;
	hours: number;
	/** The place in the log of the put that this one nearly repeats; only a factor of the ruling says that it is a copy. */
	copy: number | null;
}

/** The ruling on a held put: accept at a price, or reject with a code; each shows first what it changes. */
export function RulePut({
	id,
	now,
	proposed,
	contentHash,
	tokens,
	next,
}: {
	id: string;
	/** The exchange's clock when this page was made. */
	now: number;
	/** What the rules would say; null once it is ruled on. */
	proposed: Proposed | null;
	contentHash: string;
	tokens: number;
	next: string | undefined;
}) {
	const t = useTranslations("operator");
	const [ruling, setRuling] = useState<"accept" | "reject">();
	const [done, setDone] = useState(false);
	// What was proposed when the page opened stays in the form, also when the page learns something newer.
	const [first] = useState(proposed);
	const [ahead] = useState(() => now - Date.now());
	if (!first || (!proposed && !done)) return null;

	const goOn = { href: next ?? "/operator", name: next ? t("case.next") : t("case.back") };
	const rejects = (data: FormData): Acting => {
		const code = CODES.find((one) => one === data.get("reason"));
		const reason = reasonOf(data, code ? t(`put.rejectReasons.${code}`) : "");
		return {
			operation: "exchange:settle/put-reject",
			antecedents: [id],
			payload: { entry_id: id, code: code ?? "other", reason },
		};
	};
	const accepts = (data: FormData): Acting => {
		const number = (name: string) => Number(data.get(name));
		const reason = reasonOf(data);
		const { copy_of: _, similarity: __, ...factors } = first.factors;
		const isCopy = first.copy === null || data.get("copy") === "on";
		return {
			operation: "exchange:settle/put-accept",
			antecedents: [id],
			payload: {
				entry_id: id,
				price: number("price"),
				appraisal: number("appraisal"),
				expires_at: new Date(Date.now() + ahead + number("hours") * HOUR_MS).toISOString(),
				content_hash: contentHash,
				tokens,
				factors: isCopy ? first.factors : factors,
				...(reason === "" ? {} : { reason }),
			},
		};
	};

	return (
		<section aria-label={t("put.ruling")} className="border-line border-b py-3">
			{!done && (
				<div className="flex flex-wrap gap-2">
					<Button
						weight={ruling === undefined ? "next" : "plain"}
						shortcut="a"
						aria-expanded={ruling === "accept"}
						onClick={() => setRuling("accept")}
					>
						{t("put.accept")}
					</Button>
					<Button shortcut="r" aria-expanded={ruling === "reject"} onClick={() => setRuling("reject")}>
						{t("put.reject")}
					</Button>
				</div>
			)}
			{ruling === "accept" && (
				<RulingForm
					key="accept"
					name={`accept:${id}`}
					focus
					acting={accepts}
					says={({ payload }) => t("put.saysAccept", { price: Number(payload.price) })}
					label={t("put.signAccept")}
					next={goOn}
					onRecorded={() => setDone(true)}
				>
					{(act) => (
						<>
							<div className="grid gap-4 sm:grid-cols-3">
								<TextField
									name="price"
									type="number"
									required
									min={0}
									label={t("put.pay")}
									aside={t("unit.scrip")}
									defaultValue={first.price}
									hint={t("put.payHint", { price: first.price })}
									error={act.errorAt("/payload/price")}
								/>
								<TextField
									name="appraisal"
									type="number"
									required
									min={0}
									label={t("put.appraisal")}
									aside={t("unit.scrip")}
									defaultValue={first.appraisal}
									hint={t("put.appraisalHint")}
									error={act.errorAt("/payload/appraisal")}
								/>
								<TextField
									name="hours"
									type="number"
									required
									min={1}
									max={8760}
									label={t("put.lives")}
									aside={t("unit.hours")}
									defaultValue={first.hours}
									hint={t("put.livesHint")}
									error={act.errorAt("/payload/expires_at")}
								/>
							</div>
							{first.copy !== null && (
								<label className="flex items-start gap-2">
									<input type="checkbox" name="copy" defaultChecked className="mt-1.5 accent-accent" />
									<span>{t("put.countAsCopy", { seq: first.copy })}</span>
								</label>
							)}
							<Reasons
								reasons={ACCEPT_REASONS.map((one) => t(`put.acceptReasons.${one}`))}
								error={act.errorAt("/payload/reason")}
							/>
						</>
					)}
				</RulingForm>
			)}
			{ruling === "reject" && (
				<RulingForm
					key="reject"
					name={`reject:${id}`}
					focus
					acting={rejects}
					says={() => t("put.saysReject")}
					label={t("put.signReject")}
					next={goOn}
					onRecorded={() => setDone(true)}
				>
					{(act) => (
						<Reasons
							required
							reasons={CODES.map((value) => ({ value, label: t(`put.rejectReasons.${value}`) }))}
							error={act.errorAt("/payload/reason") ?? act.errorAt("/payload/code")}
						/>
					)}
				</RulingForm>
			)}
		</section>
	);
}
