import type { IncomingHttpHeaders } from "node:http";

const HEADER = "next-router-state-tree";
const KINDS = /^(?:o?c|d|[cd]i\((?:\.|\.\.|\.\.\.|\.\.\)\(\.\.)\))$/;
const REFETCH = ["refetch", "inside-shared-layout", "metadata-only"];

/**
 * Takes away a claim to have parts of a page that Next could not read, and would fail on: whoever sends it gets the page whole.
 */
export function forgetBadState(headers: IncomingHttpHeaders): void {
	const claimed = headers[HEADER];
	if (claimed !== undefined && !isState(parsed(`${claimed}`))) delete headers[HEADER];
}

function parsed(claimed: string): unknown {
	try {
		return JSON.parse(decodeURIComponent(claimed));
	} catch {
		return undefined;
	}
}

/** The router's tree as Next 16 reads it: segment, children, and what of it is to come anew. */
function isState(value: unknown): boolean {
	if (!Array.isArray(value) || value.length < 2 || value.length > 6) return false;
	const [segment, children, url, refetch, hint, more] = value;
	return (
		isSegment(segment) &&
		typeof children === "object" &&
		children !== null &&
		!Array.isArray(children) &&
		Object.values(children).every(isState) &&
		(url === undefined || url === null || (isTexts(url) && url.length === 2)) &&
		(refetch === undefined || refetch === null || REFETCH.includes(refetch)) &&
		(hint === undefined || hint === null || typeof hint === "number") &&
		(more === undefined || typeof more === "string")
	);
}

/** A folder's name; or a parameter's: its name, its value, its kind, and the folders beside it. */
function isSegment(value: unknown): boolean {
	if (typeof value === "string") return true;
	if (!Array.isArray(value) || value.length !== 4) return false;
	const beside = value[3];
	return isTexts(value.slice(0, 3)) && KINDS.test(value[2]) && (beside === null || isTexts(beside));
}

function isTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((one) => typeof one === "string");
}
