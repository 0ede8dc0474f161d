/**
 * From what an agent wants to say to a signed message, and back: tags, time, id, signature. No network.
 */
import { hex } from "../log/bytes";
import type { Json } from "../log/json";
import { envelope, type Message, messageId, type Payload, signingBytes } from "../log/message";
import { publicKey, sign, verifyFast } from "../log/sign";

/** An agent's one secret (64 hex) and the key it is known by (64 hex). Whoever has the secret is the agent. */
export type Key = { secret: string; key: string };

/** A fresh key, or the one that belongs to a secret. */
export function newKey(secret = hex(crypto.getRandomValues(new Uint8Array(32)))): Key {
	return { secret, key: publicKey(secret) };
}

export type Composing = {
	/** Ids this message answers, in the order OPERATIONS lists them. */
	antecedents?: string[];
	/** Short for one of them. */
	antecedent?: string;
	/** Tags beside those that follow from the payload. */
	tags?: string[];
	/** When, by the exchange's clock; now unless said. */
	at?: Date;
};

/**
 * Signs an operation for the exchange named by its first key. `exchange:settle/<phase>` is short for
 * `exchange:settle` with that phase in the payload. Content is attached; it is signed by its hash.
 */
export function compose(
	me: Key,
	exchangeKey: string,
	operation: string,
	payload: Payload,
	how: Composing = {},
): Message {
	const { antecedents, tags, payload: said } = drafted(operation, payload, how);
	const fields = {
		sender: me.key,
		tags,
		payload: said,
		antecedents,
		timestamp: (how.at ?? new Date()).toISOString(),
	};
	const id = messageId(exchangeKey, fields);
	return { id, ...fields, signature: sign(me.secret, signingBytes(exchangeKey, fields)) };
}

/** What a dry run takes in place of a message: nothing signed, no time. */
export function drafted(operation: string, payload: Payload, how: Composing = {}) {
	const [name = "", phase] = operation.split("/");
	// Through JSON and back: what is signed is then exactly what is sent (no undefined, dates as their text).
	const said = JSON.parse(JSON.stringify(phase ? { phase, ...payload } : payload)) as Payload;
	return {
		tags: [...tagsOf(name, said), ...(how.tags ?? [])],
		payload: said,
		antecedents: how.antecedents ?? (how.antecedent ? [how.antecedent] : []),
	};
}

/** The tags an operation's payload brings with it: OPERATIONS, "Tags", and the seed's "Produced Tags". */
export function tagsOf(operation: string, payload: Payload): string[] {
	const tags = [operation];
	const tag = (name: string, value: unknown) => {
		if (typeof value === "string") tags.push(`exchange:${name}:${value}`);
	};
	if (operation === "exchange:put" || operation === "exchange:buy") {
		tag("content-type", payload.content_type);
		if (Array.isArray(payload.domains)) for (const domain of payload.domains) tag("domain", domain);
	}
	if (operation === "exchange:assign") tag("assign-type", payload.task_type);
	if (operation === "exchange:settle") {
		tag("phase", payload.phase);
		if (payload.phase === "verdict") tag("verdict", payload.verdict);
	}
	return tags;
}

/**
 * Whether a message read from an exchange (named by its first key) is what its sender signed: seven well-formed
 * fields, the id their hash, the signature good. What the exchange adds (seq, received_at, replies) is its own
 * claim and is not looked at. Attached content is covered by the id.
 */
export function verifyMessage(exchangeKey: string, message: unknown): message is Message {
	if (typeof message !== "object" || message === null) return false;
	const { id, sender, tags, payload, antecedents, timestamp, signature } = message as Message;
	const judged = envelope({ id, sender, tags, payload, antecedents, timestamp, signature } as Json);
	if (!judged.ok) return false;
	try {
		const bytes = signingBytes(exchangeKey, judged.message);
		return messageId(exchangeKey, judged.message) === id && verifyFast(sender, bytes, signature);
	} catch {
		return false; // Something in it has no canonical form.
	}
}
