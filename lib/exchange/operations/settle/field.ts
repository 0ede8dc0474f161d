import * as z from "zod";
import { text } from "../../../log/field";

/** What every phase of a settlement carries (OPERATIONS, "exchange:settle"). */
export const settlement = <P extends string>(phase: P) => ({
	phase: z.literal(phase),
	entry_id: z.string().min(1).max(128),
	reason: text(2048).optional(),
});
