import { POINTERS, type Values } from "./values";

/** A post as it is being written, in the form or as the template. */
export interface Writing {
	mode: "form" | "text";
	values: Values;
	text: string;
	/** The two as they were when the one was made of the other. */
	pair?: { values: Values; text: string };
}

/**
 * Turned over to the template. What has not been changed since comes back as it was left, with what a form cannot hold: a line
 * that nobody can read.
 */
export function toText(writing: Writing, made: string): Writing {
	const { values, pair } = writing;
	const text = pair && isSame(pair.values, values) ? pair.text : made;
	return { ...writing, mode: "text", text, pair: { values, text } };
}

/** Turned over to the form; likewise with what the template cannot hold: half a window, a unit without a cap. */
export function toForm(writing: Writing, made: Values): Writing {
	const { text, pair } = writing;
	const values = pair?.text === text ? pair.values : made;
	return { ...writing, mode: "form", values, pair: { values, text } };
}

const isSame = (one: Values, other: Values): boolean =>
	POINTERS.every((pointer) => one[pointer] === other[pointer]);
