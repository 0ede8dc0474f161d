import type { PgTable } from "drizzle-orm/pg-core";
import type { Operation } from "../../log/operation";

/** The exchange's operations, one line each. */
export const exchangeOperations: Operation[] = [];
export const exchangeTables: PgTable[] = [];
