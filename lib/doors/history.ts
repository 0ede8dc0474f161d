import { base64 } from "../log/bytes";
import { detachedIn } from "../log/message";
import { bodyOf } from "../log/read";
import { fromRow, type Recorded } from "../log/tail";
import type { Hosted } from "./hosted";
import { checkpoint } from "./proofs";
import { show } from "./show";
import { rotationsIn } from "./signer";

/** Messages looked through in one question: nobody's history has an index. */
const SCAN = 10_000;
/** Messages shown in one go, and bytes of content: what `show` attaches at once, with room. */
const TOGETHER = 50;
const TOGETHER_BYTES = 4 * 1024 * 1024;

/**
 * One agent's history as lines of a file that can be verified by itself, with nothing but the exchange's key: first whose it is and
 * the checkpoint that the exchange signs now, then every message that the agent sent, that concerned it, or that moved something in
 * its purses, in order, each with its way to that checkpoint's root. `reader`: whose content is attached. Read as fast as it is
 * taken: a part of the log at a time.
 */
export async function* historyOf(
	house: Hosted,
	agent: string,
	reader: string | undefined,
): AsyncGenerator<string> {
	const { size, note } = await checkpoint(house);
	const rotations = await rotationsIn(house.sql, house.key);
	yield JSON.stringify({
		...{ exchange: house.key, agent, checkpoint: note },
		// Whoever knows the exchange by its first key needs them to know what signs the checkpoint.
		...(rotations.length > 0 && { rotations }),
	});
	for (let from = 0; from < size; from += SCAN) {
		const to = Math.min(size, from + SCAN);
		const rows = await house.sql`
			select * from messages where seq > ${from} and seq <= ${to} and (
				sender = ${agent} or addressed @> array[${agent}]::text[] or seq in (
					select seq from views.postings where from_owner = ${agent} and seq > ${from} and seq <= ${to}
					union all
					select seq from views.postings where to_owner = ${agent} and seq > ${from} and seq <= ${to}
				)
			) order by seq`;
		for (const some of together(rows.map(fromRow))) {
			const { messages } = await show(house, reader, some);
			const proofs = await Promise.all(some.map(({ seq }) => house.tree.inclusion(seq - 1, size)));
			for (const [i, text] of messages.entries())
				yield `${text.slice(0, -1)},"proof":${JSON.stringify(proofs[i]!.map(base64))}}`;
		}
	}
}

function* together(all: Recorded[]): Generator<Recorded[]> {
	let some: Recorded[] = [];
	let bytes = 0;
	for (const one of all) {
		const own = detachedIn(bodyOf(one).payload).reduce((sum, { bytes }) => sum + bytes, 0);
		if (some.length === TOGETHER || (some.length > 0 && bytes + own > TOGETHER_BYTES)) {
			yield some;
			[some, bytes] = [[], 0];
		}
		some.push(one);
		bytes += own;
	}
	if (some.length > 0) yield some;
}
