"use client";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslations } from "use-intl";

/** The browser's own modal dialog: it holds the focus, closes by Escape, and gives the focus back. */
export function Dialog({
	title,
	onClose,
	children,
}: {
	title: ReactNode;
	onClose(): void;
	children: ReactNode;
}) {
	const t = useTranslations("act");
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		dialog.current?.showModal();
		// By itself it would begin at whatever can hold the focus, wrappers that nobody can type into among it.
		dialog.current?.querySelector<HTMLElement>("input, select, textarea, button, a[href]")?.focus();
	}, []);
	return (
		<dialog
			ref={dialog}
			aria-labelledby={id}
			onClose={onClose}
			className="m-auto w-[min(34rem,calc(100vw-1.5rem))] rounded border border-line bg-paper p-5 text-ink"
		>
			<div className="flex flex-col gap-4">
				<h2 id={id} className="pr-8 font-semibold text-lead">
					{title}
				</h2>
				{children}
			</div>
			{/* Last, so that the focus begins at what the dialog asks for. */}
			<button
				type="button"
				onClick={() => dialog.current?.close()}
				aria-label={t("close")}
				className="absolute top-4 right-4 size-7 text-lead text-quiet hover:text-ink"
			>
				×
			</button>
		</dialog>
	);
}
