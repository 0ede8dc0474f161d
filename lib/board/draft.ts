import { CONSTRAINTS, type Draft, KINDS, RESOURCES, type Scope } from "./fields";

/** What of any JSON can be a post's field: texts in their places. The rest is no field, and the schema says so. */
export function draftOf(said: Record<string, unknown>): Draft {
	const text = (value: unknown) => (typeof value === "string" ? value : undefined);
	const oneOf = <T extends string>(names: readonly T[], value: unknown) =>
		names.find((name) => name === value);
	const within = <N extends string>(value: unknown, names: readonly N[]): Partial<Record<N, string>> =>
		Object.fromEntries(
			names
				.map((name) => [
					name,
					text(typeof value === "object" ? (value as Record<N, unknown> | null)?.[name] : undefined),
				])
				.filter(([, one]) => one !== undefined),
		);
	return {
		kind: oneOf(KINDS, said.kind),
		region: text(said.region),
		tz: text(said.tz),
		window: within(said.window, ["start", "end"]),
		budget: within(said.budget, ["cap", "unit"]),
		resources: within(said.resources, RESOURCES),
		constraints: within(said.constraints, CONSTRAINTS),
		success_condition: text(said.success_condition),
		contact: text(said.contact),
		title: text(said.title),
		// The linter names a scope that there is not.
		scope: text(said.scope) as Scope | undefined,
	};
}
