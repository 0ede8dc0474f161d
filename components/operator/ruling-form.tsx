"use client";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { type Act, type Acting, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Signing } from "@/components/act/signing";
import { Button, ButtonLink } from "@/components/ui/button";

/**
 * An act of the house with its reason: written, looked at by a dry run, signed. What is written survives a reload. `next`:
 * where to go on once it is recorded.
 */
export function RulingForm({
	name,
	acting,
	says,
	label,
	next,
	onRecorded,
	focus = false,
	again = true,
	children,
}: {
	/** Tells drafts apart. */
	name: string;
	acting(data: FormData): Acting;
	/** One sentence of what is signed. */
	says(acting: Acting): ReactNode;
	/** On the button that signs. */
	label: ReactNode;
	next?: { href: string; name: ReactNode };
	onRecorded?(): void;
	/** Begin to write at once: it is the next thing to do here. */
	focus?: boolean;
	/** Whether another one may follow at once. */
	again?: boolean;
	children(act: Act): ReactNode;
}) {
	const t = useTranslations("operator");
	const form = useRef<HTMLFormElement>(null);
	const { discard } = useDraft(form, name);
	const act = useAct({
		onRecorded() {
			discard();
			onRecorded?.();
		},
	});

	useEffect(() => {
		if (focus) form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
	}, [focus]);

	const { step } = act;
	if (step.is === "recorded")
		return (
			<div className="flex flex-wrap items-center gap-4 py-3">
				<Signing act={act} says={says(step.acting)} />
				{next && (
					<ButtonLink href={next.href} weight="next" shortcut="n">
						{next.name}
					</ButtonLink>
				)}
				{!next && again && (
					<Button small onClick={act.reset}>
						{t("another")}
					</Button>
				)}
			</div>
		);
	return (
		<form
			ref={form}
			className="mt-4 flex flex-col gap-4"
			onSubmit={(event) => {
				event.preventDefault();
				act.look(acting(new FormData(event.currentTarget)));
			}}
		>
			{children(act)}
			{step.is !== "review" && (
				<div>
					<Button type="submit" weight={focus ? "next" : "plain"} disabled={act.busy}>
						{t("look")}
					</Button>
				</div>
			)}
			<Signing act={act} says={step.is === "review" ? says(step.acting) : ""} label={label} />
		</form>
	);
}
