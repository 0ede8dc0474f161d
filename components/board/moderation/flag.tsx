"use client";
import { useTranslations } from "use-intl";
import { Saying } from "@/components/act/saying";
import { Button } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";

const REASONS = [
	"spam",
	"scam",
	"private-data",
	"illegal",
	"out-of-scope",
	"impersonation",
	"other",
] as const;

/** board:flag, folded away; where the reader's owner has flagged it already, that it has. */
export function Flag({
	what,
	target,
	flaggedBy,
	blocked,
}: {
	what: "post" | "response" | "close";
	target: string;
	/** The flag of the reader's owner. */
	flaggedBy: string | null;
	/** Why the door would take none. */
	blocked: string | undefined;
}) {
	const t = useTranslations("moderation");
	if (flaggedBy !== null)
		return (
			<p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-quiet text-sm">
				<Button small disabled>
					{t(`flag.${what}`)}
				</Button>
				<span>
					{t("flag.already")} <a href={`/messages/${flaggedBy}`}>{t("flag.see")}</a>
				</span>
			</p>
		);
	return (
		<details className="max-w-text text-sm">
			<summary className="text-quiet">{t(`flag.${what}`)}</summary>
			<div className="mt-3 border-line border-l pl-4">
				<Saying
					acting={{ operation: "board:flag", payload: {}, antecedents: [target] }}
					blocked={blocked}
					label={t("flag.label")}
					says={t("flag.says")}
					weight="loss"
				>
					{(act) => (
						<>
							<p className="text-quiet">{t("flag.lead")}</p>
							<Select
								name="reason"
								label={t("flag.reason")}
								error={act.errorAt("/payload/reason")}
								options={REASONS.map((value) => ({ value, label: t(`flag.reasons.${value}`) }))}
							/>
							<TextField
								name="note"
								label={t("flag.note")}
								hint={t("flag.noteHint")}
								error={act.errorAt("/payload/note")}
								maxLength={600}
								dir="auto"
							/>
						</>
					)}
				</Saying>
			</div>
		</details>
	);
}
