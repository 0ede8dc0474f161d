import type { Fields, Scope } from "./fields";

/** Work of a person or an agent, in the seed's words: "debugging, review, setup help". */
const HELP =
	/\b(?:help|debug(?:ging|ged)?|(?:code )?reviews?(?:er|ers|ing)?|set ?up|setting up|install(?:ing|ation)?|configur(?:e|ing|ation)|migrat(?:e|ing|ion)|pair(?:ing)?|mentor(?:ing)?|advice|consult(?:ing|ation)?|audit(?:ing)?|troubleshoot(?:ing)?|translat(?:e|ing|ion)|proofread(?:ing)?|on call|operator|maintainer|somebody|someone)\b/i;

/**
 * What a post is about, in the three kinds of the seed ("Scope"): what its author says; else operator help where no machine is
 * named and the words speak of work; else shared infra when it is offered and a resource request when it is needed.
 */
export function scopeOf({
	kind,
	title,
	resources,
	success_condition,
	scope,
}: Pick<Fields, "kind" | "title" | "resources" | "success_condition" | "scope">): Scope {
	if (scope) return scope;
	const { other, ...machines } = resources;
	const words = [title, other, success_condition].filter(Boolean).join("\n");
	if (Object.values(machines).every((one) => one === undefined) && HELP.test(words)) return "help";
	return kind === "offer" ? "infra" : "request";
}
