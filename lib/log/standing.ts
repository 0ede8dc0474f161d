import type { Sql } from "postgres";
import { hex } from "./bytes";
import type { Frontier, Head } from "./proof";
import { leafTiles } from "./tree";
import { contradiction, Witness } from "./witness";

/**
 * Whether the stored log is the one that these heads were signed over, and its own head the head of its tree: every id and
 * every time, on one snapshot. `fault`: why it is not, as the end of a sentence. That each id is the hash of what it names is
 * not looked at here, but by `verifyLog`.
 */
export async function standing(
	sql: Sql,
	heads: readonly Head[],
	kept: string,
): Promise<{ tree: Frontier; fault: string | undefined }> {
	const witness = new Witness(heads);
	const looked = sql.begin("isolation level repeatable read read only", async (tx) => {
		const [head] = await tx`select seq, frontier, (select max(seq) from messages) as last from head`;
		const size = Number(head?.seq ?? 0);
		for await (const tiles of leafTiles(tx, 0, size)) witness.take(tiles.flat());
		const contradicted = contradiction(witness, kept);
		if (contradicted) return contradicted;
		if (witness.tree.size !== size || Number(head?.last ?? 0) !== size)
			return `its head says ${size} messages, and there are others`;
		if (head && witness.tree.hashes.map(hex).join() !== (head.frontier as string[]).join())
			return "its head names another tree than the one over its messages";
		return undefined;
	});
	const fault = await looked.catch((error) => {
		// Class 22: a value that is not of its form.
		if (`${error.code}`.startsWith("22")) return "an id in it is none";
		throw error;
	});
	return { tree: witness.tree, fault };
}
