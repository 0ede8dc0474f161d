import * as z from "zod";

/** The types of OPERATIONS "Reading the tables", as schemas. Lengths count code points; nothing is trimmed or normalised. */
const HEX_64 = /^[0-9a-f]{64}$/;

export const key = () => z.string().regex(HEX_64, "must be 64 lower-case hex digits").meta({ type_: "key" });
export const id = () =>
	z.string().regex(HEX_64, "must be a message id: 64 lower-case hex digits").meta({ type_: "id" });
export const hex = (digits: number) =>
	z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${digits} lower-case hex digits`);
export const hash = () =>
	z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hex digits");
export const int = (from: number, to: number) => z.int().min(from).max(to);
export const dec = (from?: number, to?: number) => {
	let number = z.number();
	if (from !== undefined) number = number.min(from);
	if (to !== undefined) number = number.max(to);
	return number.meta({ decimal: true });
};
export const scrip = (from = 0, to = 9_000_000_000) => int(from, to).meta({ unit: "scrip" });
export const micro = (from = 0, to = Number.MAX_SAFE_INTEGER) => int(from, to).meta({ unit: "micro-scrip" });

/** What a sender says and the exchange cannot vouch for: `x-trust: tainted` wherever it is documented. */
export const claim = { "x-trust": "tainted" } as const;

/** 1…n code points, not only white space; a claim. */
export const text = (n: number) =>
	z
		.string()
		.refine((value) => value.trim().length > 0, "must not be empty or only white space")
		.refine((value) => value.length <= n || codePoints(value) <= n, `must have at most ${n} characters`)
		.meta({ ...claim, minLength: 1, maxLength: n });

export const instant = () =>
	z
		.string()
		.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "must be an instant: YYYY-MM-DDTHH:mm:ss.sssZ")
		.refine((value) => {
			const at = Date.parse(value);
			return !Number.isNaN(at) && new Date(at).toISOString() === value;
		}, "must be a real instant");

/** `[T] a…b`: an array of a…b items without duplicates. */
export const list = <T extends z.ZodType>(item: T, from: number, to: number) =>
	z
		.array(item)
		.min(from)
		.max(to)
		.refine(
			(items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length,
			"must not repeat an item",
		)
		.meta({ uniqueItems: true });

/** Content as the rules see it: detached. On the wire its text may stand here (PROTOCOL, "Detached content"). */
export const content = (maxBytes: number) =>
	z
		.strictObject({
			bytes: z.int().min(1, "must not be empty").max(maxBytes, `must be at most ${maxBytes} bytes of UTF-8`),
			sha256: z.string().regex(HEX_64),
		})
		.meta({ content: true, maxBytes });

export const contentTypes = ["code", "analysis", "summary", "plan", "data", "review", "other"] as const;
export const contentType = () => z.enum(contentTypes);
export const domain = () =>
	z
		.string()
		.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must match [a-z0-9][a-z0-9-]{0,31}")
		.meta(claim);

function codePoints(value: string): number {
	let count = 0;
	for (const _ of value) count++;
	return count;
}
