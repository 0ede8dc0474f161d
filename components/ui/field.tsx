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
		<div className={words("field", className)}>
			<div className="labels">
				<label htmlFor={id}>{label}</label>
				{aside !== undefined && <span>{aside}</span>}
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

/** A control under its label, with what there is to say of it. `look`: what only this kind of control has. */
function field<Attributes>(Control: "input" | "textarea" | "select", look: string) {
	return function Field({
		label,
		hint,
		error,
		aside,
		className,
		mono,
		...control
	}: Labelled & Attributes & { mono?: boolean }) {
		return (
			<Frame {...{ label, hint, error, aside, className }}>
				{(ids) => (
					<Control {...ids} {...control} className={words("box", look, mono && "font-mono text-sm")} />
				)}
			</Frame>
		);
	};
}

export const TextField = field<InputHTMLAttributes<HTMLInputElement>>("input", "min-h-9.5");
export const TextArea = field<TextareaHTMLAttributes<HTMLTextAreaElement>>("textarea", "min-h-24");
const Choice = field<SelectHTMLAttributes<HTMLSelectElement>>("select", "min-h-9.5");

export function Select({
	options,
	...choice
}: Parameters<typeof Choice>[0] & { options: { value: string; label: string }[] }) {
	return (
		<Choice {...choice}>
			{options.map(({ value, label }) => (
				<option key={value} value={value}>
					{label}
				</option>
			))}
		</Choice>
	);
}
