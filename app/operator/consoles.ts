import { cache } from "react";
import { opened } from "@/lib/doors/opened";
import { viewer } from "../session";

/**
 * What the consoles ask, for a house operator or an auditor; undefined for everybody else. Each page asks for itself: a layout
 * is laid beside its pages and guards nothing.
 */
export const consoles = cache(async () => {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	return questions.consoles(who?.key);
});

/** What those ask who keep the board clean: house operators, moderators and auditors; undefined for everybody else. */
export const moderation = cache(async () => {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	return questions.moderation(who?.key);
});
