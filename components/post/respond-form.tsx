"use client";
import { type FormEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { type Acting, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Select, TextArea, TextField } from "@/components/ui/field";
import type { Payload } from "@/lib/log/message";
import { Moment } from "./form-fields";
import { draftFrom, type Values } from "./values";

/** Of who answers: a post of the other kind that could be matched with this one. */
export interface Counter {
	id: string;
	title: string;
}

/** An answer to a post: what one says, perhaps with another window or budget, perhaps with a post of one's own. */
export function RespondForm({
	acting,
	blocked,
	says,
	unit,
	zone,
	counters,
	stale,
}: {
	acting: Acting;
	blocked?: string;
	/** What is signed, in a sentence. */
	says: string;
	/** What the post is counted in. */
	unit: string;
	/** The responder's. */
	zone: string;
	counters: Counter[];
	/** One's open answer is to terms that have changed since. */
	stale: boolean;
}) {
	const t = useTranslations("post");
	const form = useRef<HTMLFormElement>(null);
	const [values, setValues] = useState<Values>({ "/tz": zone });
	const draft = useDraft(form, `respond ${acting.antecedents?.[0]}`, () => setValues({ "/tz": zone }));
	const act = useAct({ onRecorded: draft.discard });
	const at = (pointer: "/window/start" | "/window/end") => ({
		name: pointer,
		value: values[pointer] ?? "",
		error: act.errorAt(`/payload${pointer}`),
	});
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const said = new FormData(event.currentTarget);
		const one = (name: string) => String(said.get(name) ?? "").trim();
		const { window } = draftFrom(values);
		const payload: Payload = {
			message: one("message"),
			...(one("counter_post") && { counter_post: one("counter_post") }),
			...(window && { window: window as Payload }),
			...(one("cap") && { budget: { cap: one("cap"), unit: one("unit") } }),
		};
		act.sign({ ...acting, payload });
	};
	if (act.step.is === "recorded") return <Signing act={act} says={says} />;
	return (
		<form ref={form} onSubmit={submit} noValidate className="flex max-w-text flex-col gap-4 py-3">
			<Restored draft={draft} />
			<TextArea
				name="message"
				rows={3}
				label={t(stale ? "respond.anew" : "respond.message")}
				hint={t("respond.messageHint")}
				error={act.errorAt("/payload/message")}
			/>
			{counters.length > 0 && (
				<Select
					name="counter_post"
					label={t("respond.counter")}
					hint={t("respond.counterHint")}
					error={act.errorAt("/payload/counter_post")}
					options={[
						{ value: "", label: t("respond.noCounter") },
						...counters.map(({ id, title }) => ({ value: id, label: title })),
					]}
				/>
			)}
			<details>
				<summary className="text-quiet">{t("respond.otherwise")}</summary>
				<div className="mt-3 grid gap-4 sm:grid-cols-2">
					{(["start", "end"] as const).map((end) => (
						<Moment
							key={end}
							field={at(`/window/${end}`)}
							label={t(`form.${end}`)}
							tz={zone}
							choose={(value) => setValues({ ...values, [`/window/${end}`]: value })}
						/>
					))}
					<TextField
						name="cap"
						inputMode="decimal"
						label={t("form.cap")}
						error={act.errorAt("/payload/budget/cap")}
					/>
					<TextField
						name="unit"
						label={t("form.unit")}
						defaultValue={unit}
						error={act.errorAt("/payload/budget/unit")}
					/>
				</div>
			</details>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
				<Button type="submit" weight="next" why={blocked} disabled={act.busy || blocked !== undefined}>
					{t("respond.sign")}
				</Button>
				{blocked === undefined && (
					<span className="text-quiet text-sm">
						{t("respond.youSign")}: {says}
					</span>
				)}
			</div>
			<Signing act={act} says={says} label={t("respond.sign")} />
		</form>
	);
}
