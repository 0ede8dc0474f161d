import type { Sql } from "postgres";
import { type KeyChain, keyChain, type Rotation } from "../log/key-chain";
import { bodyOf } from "../log/read";
import { publicKey, sign } from "../log/sign";
import { fromRow } from "../log/tail";

/** The exchange's private keys: signs with the one that is asked for. */
export class Signer {
	#secrets = new Map<string, string>();

	/** `again`: what is held by now, where a key is asked for that is not among them: another process has put it in place. */
	constructor(
		secrets: readonly string[],
		readonly again: () => readonly string[] = () => [],
	) {
		this.#take(secrets);
	}

	#take(secrets: readonly string[]): void {
		for (const secret of secrets) this.#secrets.set(publicKey(secret), secret);
	}

	holds(key: string): boolean {
		if (!this.#secrets.has(key)) this.#take(this.again());
		return this.#secrets.has(key);
	}

	/** Throws where that key is not held here. */
	secretOf(key: string): string {
		if (!this.holds(key))
			throw new Error(`the exchange signs with ${key.slice(0, 8)} now, and that private key is not here`);
		return this.#secrets.get(key)!;
	}

	sign(key: string, bytes: Uint8Array): string {
		return sign(this.secretOf(key), bytes);
	}
}

/** The head of the log of this moment, with the key that signs it; undefined before the log has begun. */
export async function headToSign(
	sql: Sql,
): Promise<{ key: string; signer: string; size: number; frontier: string[] } | undefined> {
	const [head] = await sql`
		select h.seq, h.frontier, h.exchange_key, coalesce(k.key, h.exchange_key) as signer
		from head h left join views.agent_keys k on k.agent = h.exchange_key and k.until_id is null`;
	return (
		head && { key: head.exchange_key, signer: head.signer, size: Number(head.seq), frontier: head.frontier }
	);
}

/** The keys that the exchange of this log signed with, worked out from its own messages. */
export async function chainIn(sql: Sql, exchangeKey: string): Promise<KeyChain> {
	return keyChain(exchangeKey, await rotationsIn(sql, exchangeKey));
}

/** The exchange's own changes of its key, as it signed them. */
export async function rotationsIn(sql: Sql, exchangeKey: string): Promise<Rotation[]> {
	const rows = await sql`
		select * from messages where operation = 'agent:rotate' and sender = ${exchangeKey} order by seq`;
	return rows.map(fromRow).map((one) => {
		const { id, signature, seq } = one;
		return { id, ...bodyOf(one), signature, seq };
	});
}
