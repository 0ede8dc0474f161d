/**
 * The keys that an exchange signed with, one after the other. It is named by its first for ever; each next one is in force from
 * the very message that puts it in place. Needs nothing but those messages, so anybody can work it out: in a browser too.
 */
import { type Message, messageId, signingBytes } from "./message";
import { checkpointOrigin, type Head, parseCheckpoint, verifyCheckpoint } from "./proof";
import { signedBytes, verifyFast } from "./sign";

/** `from`: the least size of the log at which it is in force. */
export type KeyChain = readonly { key: string; from: number }[];

/** An `agent:rotate` with its place in the log. */
export type Rotation = Message & { seq: number };

/** Follows the rotations, in the order of the log, as far as each is signed by the key before it and proved by the one after. */
export function keyChain(exchangeKey: string, rotations: readonly Rotation[]): KeyChain {
	const chain = [{ key: exchangeKey, from: 0 }];
	for (const rotation of rotations) {
		const next = nextKey(exchangeKey, chain.at(-1)!.key, rotation);
		if (next !== undefined) chain.push({ key: next, from: rotation.seq });
	}
	return chain;
}

/** The key that this message puts in the place of `current`; undefined where it does not. */
export function nextKey(exchangeKey: string, current: string, rotation: Message): string | undefined {
	const { new_key: next, proof, agent = current } = rotation.payload;
	if (rotation.sender !== current || agent !== current) return undefined;
	if (typeof next !== "string" || typeof proof !== "string") return undefined;
	const isWhole =
		messageId(exchangeKey, rotation) === rotation.id &&
		verifyFast(current, signingBytes(exchangeKey, rotation), rotation.signature);
	return isWhole && verifyFast(next, signedBytes("rotate", exchangeKey, current, next), proof)
		? next
		: undefined;
}

/** The key in force when the log had this size. */
export function keyAt(chain: KeyChain, size: number): string {
	return chain.findLast(({ from }) => from <= size)!.key;
}

/** The head that a note of this exchange signs with the key that was in force at its size; undefined where it does not. */
export function signedHead(note: string, exchangeKey: string, chain: KeyChain): Head | undefined {
	const checkpoint = parseCheckpoint(note);
	if (checkpoint?.origin !== checkpointOrigin(exchangeKey)) return undefined;
	return verifyCheckpoint(note, exchangeKey, keyAt(chain, checkpoint.size));
}
