import { type KeyChain, keyChain, type Rotation } from "../log/key-chain";
import { request } from "./connect";

/**
 * The keys that the exchange at `url` signed with, each from the size of the log at which it is in force: worked out from its own
 * rotations, of which each is signed by the key before it. Nobody else can add to them. `key`: its first, which names it.
 */
export async function keysOf(url: string, key: string): Promise<KeyChain> {
	const rotations: Rotation[] = [];
	for (let after = 0; ; after = rotations.at(-1)!.seq) {
		const path = `/api/messages?tag=agent:rotate&sender=${key}&limit=${PAGE}&after=${after}`;
		const { items } = (await (await request(`${url}${path}`)).json()) as { items: Rotation[] };
		rotations.push(...items);
		if (items.length < PAGE) return keyChain(key, rotations);
	}
}

const PAGE = 500;
