"use client";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { type Acting, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Signing } from "@/components/act/signing";
import { Button, type Weight } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";

/** A no, or a taking back, with the reason that is given for it; folded away until somebody wants it. */
export function Reasoned({
	acting,
	blocked,
	summary,
	label,
	says,
	weight = "plain",
}: {
	acting: Acting;
	blocked?: string;
	summary: string;
	label: string;
	/** What is signed, in a sentence. */
	says: string;
	weight?: Weight;
}) {
	const t = useTranslations("post");
	const form = useRef<HTMLFormElement>(null);
	const draft = useDraft(form, `${acting.operation} ${acting.antecedents?.[0]}`);
	const act = useAct({ onRecorded: draft.discard });
	return (
		<details className="text-sm">
			<summary className="text-quiet">{summary}</summary>
			<form
				ref={form}
				className="mt-2 flex max-w-text flex-col gap-2"
				onSubmit={(event) => {
					event.preventDefault();
					const reason = String(new FormData(event.currentTarget).get("reason")).trim();
					act.sign({ ...acting, payload: reason === "" ? {} : { reason } });
				}}
			>
				<TextField
					name="reason"
					label={t("acts.reason")}
					hint={t("acts.reasonHint")}
					error={act.errorAt("/payload/reason")}
				/>
				<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
					<Button
						type="submit"
						small
						weight={weight}
						why={blocked}
						disabled={act.busy || blocked !== undefined}
					>
						{label}
					</Button>
					<span className="text-quiet">
						{t("respond.youSign")}: {says}
					</span>
				</div>
				<Signing act={act} says={says} label={label} />
			</form>
		</details>
	);
}
