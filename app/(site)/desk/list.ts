/** A part of the desk's lists: whose, where it goes on, and what else stands in the address. */
export interface List {
	of: string;
	before: number | undefined;
	others: Record<string, string>;
}

/** Rows on one page of each list. */
export const PAGE = 10;
