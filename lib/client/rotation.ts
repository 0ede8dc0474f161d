import type { Payload } from "../log/message";
import { sign, signedBytes } from "../log/sign";
import type { Key } from "./compose";

/**
 * What `agent:rotate` says to put `next` in the place of the key `old` at the exchange with this key. `by`: who will sign it, the
 * old key itself or the recovery key that its agent's profile names.
 */
export function rotationPayload(exchangeKey: string, next: Key, old: string, by = old): Payload {
	const proof = sign(next.secret, signedBytes("rotate", exchangeKey, old, next.key));
	return { new_key: next.key, proof, ...(by !== old && { agent: old }) };
}
