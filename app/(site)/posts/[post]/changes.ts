import { CONSTRAINTS, RESOURCES } from "@/lib/board/fields";

/** Every field of a post that a reader tells apart, by what stands between its names in the payload. */
const PARTS = [
	"kind",
	"title",
	"scope",
	"region",
	"tz",
	"window.start",
	"window.end",
	"budget.cap",
	"budget.unit",
	...RESOURCES.map((one) => `resources.${one}` as const),
	...CONSTRAINTS.map((one) => `constraints.${one}` as const),
	"success_condition",
	"contact",
] as const;

export interface Change {
	field: NamedPart;
	before: string | undefined;
	after: string | undefined;
}
/** As the catalogue has it: no name of its holds a dot. */
type Dashed<P extends string> = P extends `${infer A}.${infer B}` ? `${A}-${B}` : P;
export type NamedPart = Dashed<(typeof PARTS)[number]>;

/** What of a post says something else than before. Of what the house hides there is nothing to tell. */
export function changes(one: Record<string, unknown>, other: Record<string, unknown>): Change[] {
	return PARTS.map((part) => ({
		field: part.replace(".", "-") as NamedPart,
		before: valueAt(one, part),
		after: valueAt(other, part),
	})).filter(({ before, after }) => before !== after);
}

function valueAt(fields: Record<string, unknown>, part: string): string | undefined {
	const [name, below] = part.split(".") as [string, string | undefined];
	const value =
		below === undefined ? fields[name] : (fields[name] as Record<string, unknown> | undefined)?.[below];
	return value as string | undefined;
}
