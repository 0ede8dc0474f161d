import type { Sql } from "postgres";
import { hex, unhex } from "./bytes";
import { type Frontier, type Head, root } from "./proof";
import { leafTiles } from "./tree";
import { contradiction, contradicts, Witness } from "./witness";

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

/**
 * The same at a glance, whatever the length of the log: its head alone is held to the newest of the heads, so rows that its head
 * does not know of are not seen. Undefined where the log has grown since that one was signed: then only all of it can say.
 */
export async function glance(
	sql: Sql,
	newest: Head | undefined,
	kept: string,
): Promise<{ tree: Frontier; fault: string | undefined } | undefined> {
	const [head] = await sql`select seq, frontier, (select max(seq) from messages) as last from head`;
	const size = Number(head?.seq ?? 0);
	const hashes = ((head?.frontier ?? []) as string[]).map((hash) => unhex(hash) ?? new Uint8Array());
	const tree = { size, hashes };
	if (Number(head?.last ?? 0) !== size)
		return { tree, fault: `its head says ${size} messages, and there are others` };
	if (!newest) return { tree, fault: undefined };
	if (newest.size < size) return undefined;
	const isIt = newest.size === size && hex(root(tree)) === hex(newest.root);
	return { tree, fault: isIt ? undefined : contradicts(size, newest, kept) };
}
