import * as z from "zod";
import { id, key } from "../log/field";
import type { Refusal } from "../log/refusal";
import type { Asked } from "./answer";
import { badParameter } from "./problem";

/** Query parameters of the given schema. A name that is not known is refused: a filter that was misspelt must not mean "all". */
export function query<S extends z.ZodRawShape>(
	c: Asked,
	shape: S,
): z.infer<z.ZodObject<S, z.core.$strict>> | Refusal {
	const given: Record<string, string> = {};
	for (const [name, values] of Object.entries(c.req.queries())) {
		if (!Object.hasOwn(shape, name))
			return badParameter({ detail: `The parameters here are: ${Object.keys(shape).join(", ") || "none"}.` });
		if (values.length > 1)
			return badParameter({ field: `/${name}`, detail: `The parameter ${name} is given more than once.` });
		given[name] = values[0]!;
	}
	const judged = schemaOf(shape).safeParse(given);
	if (judged.success) return judged.data;
	const [issue] = judged.error.issues;
	const name = String(issue!.path[0]);
	return badParameter({
		field: `/${name}`,
		detail: `The parameter ${name} is not right: ${issue!.message}.`,
	});
}

/** Made once of each shape: zod compiles a schema when it first reads by it, which costs as much as the answer. */
export function schemaOf<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
	let schema = SCHEMAS.get(shape) as z.ZodObject<S, z.core.$strict> | undefined;
	if (!schema) {
		schema = z.strictObject(shape);
		SCHEMAS.set(shape, schema);
	}
	return schema;
}
const SCHEMAS = new WeakMap<z.ZodRawShape, z.ZodObject>();

/** Of an address that takes no parameters. */
export const NO_QUERY = {};

/** What stands in a path or a header. */
export const [ID, KEY] = [id(), key()];

export const whole = (from: number, to: number) =>
	z
		.string()
		.regex(/^\d{1,16}$/, `must be a whole number from ${from} to ${to}`)
		.transform(Number)
		.refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`)
		.meta({ whole: { minimum: from, maximum: to } });

/** Before everything: where a list begins that is read newest first. */
export const NEWEST = Number.MAX_SAFE_INTEGER;
/** The most that one page of a list holds. */
export const MAX_PAGE = 100;

/** A place in the log. */
export const place = () => whole(0, Number.MAX_SAFE_INTEGER);
export const PLACE = place();
export const limit = (max: number, byDefault: number) => whole(1, max).default(byDefault);
export const tagParam = () =>
	z.string().regex(/^[\x21-\x7e]{1,200}$/, "must be a tag: up to 200 characters, no spaces");

/** Where a list goes on: opaque to clients, so that what it is ordered by can change. */
export const cursor = () =>
	z
		.string()
		.regex(/^[A-Za-z0-9_-]{1,200}$/, "must be the `next` of the page before")
		.transform((text, context): number => {
			const at = Number(Buffer.from(text, "base64url").toString());
			if (Number.isSafeInteger(at) && at >= 0) return at;
			context.addIssue("must be the `next` of the page before");
			return z.NEVER;
		})
		.optional();

export function cursorAt(at: number): string {
	return Buffer.from(`${at}`).toString("base64url");
}
