import { foldUpTo, gains } from "@/lib/client/fold";

/** A reader's own fold of what a message moved, held against what the exchange says of it. */
export interface FoldedHere {
	/** The messages are the ones that were signed; where not, nothing else is said. */
	isGenuine: boolean;
	/** Why the fold does not reach the message. */
	lost: "withheld" | "unknown" | undefined;
	agrees: boolean;
	moves: boolean;
}

interface Said {
	moves: { from: Place; to: Place; amount: number }[];
}
type Place = { owner: string; purse: string };

/** Reads the log up to the message and folds it. Throws where either could not be read. */
export async function foldedHere(
	message: { id: string; seq: number },
	exchangeKey: string,
	before: readonly Uint8Array[],
	progress: (size: number) => void,
): Promise<FoldedHere> {
	const [answer, { moved, lost, genuine }] = await Promise.all([
		fetch(`/api/messages/${message.id}/changes`),
		foldUpTo(location.origin, exchangeKey, message.seq, before, progress),
	]);
	if (!answer.ok) throw new Error(`what it changed was refused: ${answer.status}`);
	const { moves } = (await answer.json()) as Said;
	const said = moves.map(({ from, to, amount }) => ({
		from: `${from.owner}/${from.purse}`,
		to: `${to.owner}/${to.purse}`,
		amount: BigInt(amount),
	}));
	return {
		isGenuine: genuine,
		lost: lost === undefined ? undefined : lost.includes("withheld") ? "withheld" : "unknown",
		agrees: moved !== undefined && textOf(gains(moved)) === textOf(gains(said)),
		moves: said.length > 0,
	};
}

function textOf(sums: ReadonlyMap<string, bigint>): string {
	return [...sums]
		.map(([purse, sum]) => `${purse} ${sum}`)
		.sort()
		.join();
}
