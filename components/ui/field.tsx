"use client";
import {
	type InputHTMLAttributes,
	type ReactNode,
	type SelectHTMLAttributes,
	type TextareaHTMLAttributes,
	useId,
} from "react";
import { words } from "./words";

interface Labelled {
	label: ReactNode;
	/** What to write, or what becomes of it. */
	hint?: ReactNode;
	/** What is wrong with what was written, as the door said it. */
	error?: string;
	/** Beside the label: a count, a unit. */
	aside?: ReactNode;
	className?: string;
}

const BOX =
	"w-full rounded border border-edge bg-paper px-2.5 py-1.5 text-base text-ink aria-invalid:border-loss disabled:opacity-60";

function Frame({
	label,
	hint,
	error,
	aside,
	className,
	children,
}: Labelled & {
	children(ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }): ReactNode;
}) {
	const id = useId();
	const hintId = `${id}-hint`;
	const errorId = `${id}-error`;
	const describedBy = words(hint !== undefined && hintId, error !== undefined && errorId) || undefined;
	return (
		<div className={words("flex flex-col gap-1", className)}>
			<div className="flex items-baseline justify-between gap-4">
				<label htmlFor={id} className="font-medium">
					{label}
				</label>
				{aside !== undefined && <span className="text-quiet text-sm">{aside}</span>}
			</div>
			{children({
				id,
				"aria-describedby": describedBy,
				...(error === undefined ? {} : { "aria-invalid": true as const }),
			})}
			{error !== undefined && (
				<p id={errorId} className="text-loss text-sm">
					{error}
				</p>
			)}
			{hint !== undefined && (
				<p id={hintId} className="text-quiet text-sm">
					{hint}
				</p>
			)}
		</div>
	);
}

export function TextField({
	label,
	hint,
	error,
	aside,
	className,
	mono,
	...input
}: Labelled & InputHTMLAttributes<HTMLInputElement> & { mono?: boolean }) {
	return (
		<Frame {...{ label, hint, error, aside, className }}>
			{(ids) => (
				<input {...ids} {...input} className={words(BOX, "min-h-9.5", mono && "font-mono text-sm")} />
			)}
		</Frame>
	);
}

export function TextArea({
	label,
	hint,
	error,
	aside,
	className,
	mono,
	...area
}: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement> & { mono?: boolean }) {
	return (
		<Frame {...{ label, hint, error, aside, className }}>
			{(ids) => (
				<textarea {...ids} {...area} className={words(BOX, "min-h-24", mono && "font-mono text-sm")} />
			)}
		</Frame>
	);
}

export function Select({
	label,
	hint,
	error,
	aside,
	className,
	options,
	...select
}: Labelled & SelectHTMLAttributes<HTMLSelectElement> & { options: { value: string; label: string }[] }) {
	return (
		<Frame {...{ label, hint, error, aside, className }}>
			{(ids) => (
				<select {...ids} {...select} className={words(BOX, "min-h-9.5")}>
					{options.map(({ value, label: name }) => (
						<option key={value} value={value}>
							{name}
						</option>
					))}
				</select>
			)}
		</Frame>
	);
}
