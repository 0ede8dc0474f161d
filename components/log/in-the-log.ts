import { keysOf } from "@/lib/client/key-chain";
import { unbase64 } from "@/lib/log/bytes";
import { signedHead } from "@/lib/log/key-chain";
import { frontierBefore, leafData, leafHash, verifyInclusion } from "@/lib/log/proof";

/** A message as it stands on a page: as signed, with the place and the time that the exchange claims. */
export interface Standing {
	id: string;
	seq: number;
	received_at: string;
}

export interface Inclusion {
	/** The exchange signed the checkpoint. */
	isSigned: boolean;
	/** The message stands in the tree that it signs, at this place and time. */
	isIn: boolean;
	/** Messages that it covers. */
	size: number;
	/** The tree over all that stands before the message, as the proof shows it. */
	before: Uint8Array[];
}

interface Proof {
	leaf_index: number;
	tree_size: number;
	hashes: string[];
	checkpoint: string;
}

/** Asks for the message's proof and works it out here: from its id and time up to the root that the exchange signed. */
export async function inTheLog(message: Standing, exchangeKey: string): Promise<Inclusion> {
	const answer = await fetch(`/api/messages/${message.id}/proof`);
	if (!answer.ok) throw new Error(`the proof was refused: ${answer.status}`);
	const { leaf_index, tree_size, hashes, checkpoint } = (await answer.json()) as Proof;
	const head = signedHead(checkpoint, exchangeKey, await keysOf("", exchangeKey));
	const leaf = leafHash(leafData(message.id, Date.parse(message.received_at)));
	const path = hashes.map((hash) => unbase64(hash) ?? new Uint8Array());
	const isIn =
		head !== undefined &&
		head.size === tree_size &&
		leaf_index === message.seq - 1 &&
		verifyInclusion(leaf_index, head.size, leaf, path, head.root);
	const before = isIn ? frontierBefore(leaf_index, tree_size, path) : [];
	return { isSigned: head !== undefined, isIn, size: tree_size, before };
}
