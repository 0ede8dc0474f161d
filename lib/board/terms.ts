import * as z from "zod";
import { claim, text } from "../log/field";
import { BOUNDS, CAP, CONSTRAINTS, RESOURCES, SCOPES } from "./fields";
import { looksLikeScrip } from "./unit";
import { isLocal } from "./window";
import { isZone } from "./zone";

/** What a post says, as the door takes it (OPERATIONS, "Board"). */

const local = () =>
	z
		.string()
		.refine(isLocal, "must be a time with seconds and its offset from UTC, as in 2026-11-17T18:00:00+01:00")
		.meta({ ...claim, format: "date-time" });

export const localWindow = () => z.strictObject({ start: local(), end: local() });

export const budget = () =>
	z.strictObject({
		cap: z.string().regex(CAP, "must be an amount in digits, with at most 6 after the point").meta(claim),
		unit: text(BOUNDS.unit)
			.refine((unit) => !looksLikeScrip(unit), "looks like scrip and is not: write scrip, or another unit")
			.meta({ ...claim, minLength: 1, maxLength: BOUNDS.unit }),
	});

const named = <N extends string>(names: readonly N[], most: number) =>
	Object.fromEntries(names.map((name) => [name, text(most).optional()])) as Record<
		N,
		z.ZodOptional<ReturnType<typeof text>>
	>;

export const terms = () => ({
	region: text(BOUNDS.region),
	tz: z.string().refine(isZone, "must be an IANA zone as it is spelled, or UTC±hh:mm").meta(claim),
	window: localWindow(),
	budget: budget(),
	resources: z
		.strictObject(named(RESOURCES, BOUNDS.resource))
		.refine((resources) => Object.keys(resources).length > 0, "must name at least one resource")
		.meta({ minProperties: 1 }),
	constraints: z.strictObject(named(CONSTRAINTS, BOUNDS.constraint)),
	success_condition: text(BOUNDS.success_condition).optional(),
	contact: text(BOUNDS.contact),
	title: text(BOUNDS.title).optional(),
	scope: z.enum(SCOPES).meta(claim).optional(),
});

const whole = z.object(terms());
export type Terms = z.infer<typeof whole>;
