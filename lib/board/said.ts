import { type Fields, RESOURCES } from "./fields";
import type { PostView } from "./read";
import { instantOf, localIn } from "./window";
import { isZone } from "./zone";

/** What a post says now, as its author would say it again: what a revision begins with. */
export function saidBy(post: Omit<PostView, "state">): Fields {
	const { kind, region, tz, window, budget, resources, constraints, contact } = post;
	return {
		kind,
		region,
		tz,
		window,
		budget,
		resources,
		constraints,
		contact,
		...(post.success_condition !== null && { success_condition: post.success_condition }),
		...(post.title !== null && { title: post.title }),
		...(post.scope_said && { scope: post.scope }),
	};
}

/** What a post is known by: its title, else what it needs or offers. */
export function headlineOf({
	title,
	resources,
}: {
	title?: string | null;
	resources: Fields["resources"];
}): string {
	return title ?? RESOURCES.flatMap((one) => resources[one] ?? []).join(" · ");
}

/** A need in the words that the inventory is asked with. */
export function taskOf({
	title,
	resources,
	success_condition,
}: Pick<PostView, "title" | "resources" | "success_condition">): string {
	const named = title === null ? undefined : headlineOf({ resources });
	return [headlineOf({ title, resources }), named, success_condition].filter(Boolean).join("\n");
}

/** What came of it, where both said so or the house did: the last word on it. Otherwise its state is what there is to say. */
export function outcomeOf({ state, outcome }: Pick<PostView, "state" | "outcome">): PostView["outcome"] {
	return state === "confirmed" || state === "ruled" ? outcome : null;
}

/** An end of a window as the clocks of the post's zone show it, `2026-11-17T18:00:00+01:00`. */
export function shownIn(tz: string, local: string): string {
	// Zones are added to the tables: those of whoever reads may not have one that the exchange knew.
	return isZone(tz) ? localIn(tz, instantOf(local)) : local;
}
