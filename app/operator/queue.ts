import type { BoardCase, BoardCaseKind } from "@/lib/board/queue";
import { type Case, type CaseKind, nextCase, type Place } from "@/lib/exchange/queue";
import { consoles, moderation } from "./consoles";

export const MARKET_KINDS = ["put", "dispute"] as const satisfies readonly CaseKind[];
export const BOARD_KINDS = ["contest", "flag", "appeal"] as const satisfies readonly BoardCaseKind[];

export type AnyKind = CaseKind | BoardCaseKind;
export type AnyCase = Case | BoardCase;

export function isOfBoard(kind: AnyKind): kind is BoardCaseKind {
	return (BOARD_KINDS as readonly AnyKind[]).includes(kind);
}

/** All that waits for who looks, of the market and of the board, in one order: owners with standing first, then by arrival. */
export async function queue(kind: AnyKind | undefined, limit: number) {
	const [house, board] = await Promise.all([consoles(), moderation()]);
	const none = { cases: [], count: 0 };
	const [market, talk] = await Promise.all([
		house && (kind === undefined || !isOfBoard(kind)) ? house.queue(kind, limit) : undefined,
		board && (kind === undefined || isOfBoard(kind)) ? board.queue(kind, limit) : undefined,
	]);
	const [{ cases: one, count: ones }, { cases: other, count: others }] = [
		market?.found ?? none,
		talk?.found ?? none,
	];
	const cases: AnyCase[] = [...one, ...other]
		.sort((a, b) => Number(b.standing) - Number(a.standing) || a.seq - b.seq)
		.slice(0, limit);
	return { cases, count: ones + others };
}

/** The case to go on with after the one at this place. */
export function next(cases: readonly AnyCase[], place: Place, reader: string): AnyCase | undefined {
	return nextCase<AnyCase>(cases, place, reader);
}
