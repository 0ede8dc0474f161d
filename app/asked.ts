import type * as z from "zod";
import { opened } from "@/lib/doors/opened";
import { schemaOf } from "@/lib/doors/query";

/** What a page's address asks, name by name; of one that stands twice the first counts. */
export type Search = Promise<Record<string, string | string[] | undefined>>;

/**
 * Reads a page's query by the very schema that the API's takes. An empty field of a form asks nothing; one that is not right is
 * said at its field and asks nothing either, so that a mistyped filter still shows a page. An agent may be named by any key that
 * it ever had.
 */
export async function asked<S extends z.ZodRawShape>(
	search: Search,
	shape: S,
): Promise<{ asked: z.infer<z.ZodObject<S>>; given: Record<string, string>; wrong: Record<string, string> }> {
	const { keys } = (await opened()).house;
	const given: Record<string, string> = {};
	for (const [name, value] of Object.entries(await search)) {
		const one = (Array.isArray(value) ? value[0] : value)?.trim();
		if (one !== undefined && one !== "" && Object.hasOwn(shape, name)) given[name] = keys.agentOf(one);
	}
	const schema = schemaOf(shape);
	const judged = schema.safeParse(given);
	if (judged.success) return { asked: judged.data, given, wrong: {} };
	const wrong = Object.fromEntries(
		judged.error.issues.map(({ path, message }) => [String(path[0]), message]),
	);
	const right = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in wrong)));
	return { asked: schema.parse(right), given, wrong };
}
