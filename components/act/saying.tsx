"use client";
import { type ReactNode, useRef } from "react";
import { useTranslations } from "use-intl";
import { Button, type Weight } from "@/components/ui/button";
import type { Payload } from "@/lib/log/message";
import { type Act, type Acting, useAct } from "./act";
import { useDraft } from "./draft";
import { Restored } from "./restored";
import { Signing } from "./signing";

/** An act as the page knows it, and why the door would not take it now. */
export interface Offered {
	acting: Acting;
	blocked: string | undefined;
}

/** A form whose fields, those that are filled in, become part of what is said. */
export function Saying({
	acting,
	blocked,
	label,
	says,
	weight = "plain",
	wait = 0,
	look = false,
	payload = filledIn,
	children,
}: Offered & {
	label: string;
	/** What is signed, in a sentence. */
	says: string;
	weight?: Weight;
	wait?: number;
	/** Show what would change first. */
	look?: boolean;
	/** What the fields add to it. */
	payload?(data: FormData): Payload;
	children(act: Act): ReactNode;
}) {
	const signs = useTranslations("act");
	const form = useRef<HTMLFormElement>(null);
	const draft = useDraft(form, `${acting.operation} ${acting.antecedents?.[0]}`);
	const act = useAct({ wait, onRecorded: draft.discard });
	const { is } = act.step;
	return (
		<form
			ref={form}
			className="flex flex-col gap-3"
			onSubmit={(event) => {
				event.preventDefault();
				const added = payload(new FormData(event.currentTarget));
				const whole = { ...acting, payload: { ...acting.payload, ...added } };
				if (look) act.look(whole);
				else act.sign(whole);
			}}
		>
			{is === "idle" && <Restored draft={draft} />}
			{children(act)}
			{is !== "review" && is !== "recorded" && (
				<div>
					<Button type="submit" weight={weight} why={blocked} disabled={act.busy || blocked !== undefined}>
						{label}
					</Button>
				</div>
			)}
			{!look && is === "idle" && (
				<p className="text-quiet text-sm">
					{signs("youSign")}: {says}
				</p>
			)}
			<Signing act={act} says={says} label={label} />
		</form>
	);
}

function filledIn(data: FormData): Payload {
	return Object.fromEntries([...data].filter(([, value]) => String(value).trim() !== ""));
}
