import type { Operation } from "../../log/operation";

export { exchangeAppendOnly, exchangeTables } from "../../../db/schema/exchange";

/** The exchange's operations, one line each. */
export const exchangeOperations: Operation[] = [];
