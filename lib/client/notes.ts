/**
 * The private phase of a deal: notes that two who agreed write to each other. They are sealed and opened here and nowhere else;
 * what the exchange carries is ciphertext, its size and its time. OPERATIONS, "Sealing"; RULES, "Notes".
 */
import { utf8 } from "../log/bytes";
import type { Message, Payload } from "../log/message";
import { type Key, verifyMessage } from "./compose";
import { type Exchange, type Logged, Problem, type Sent } from "./connect";
import { type Envelope, open, sealingKey, sealNote } from "./seal";

/** What a note may say, in bytes of UTF-8: its ciphertext is 16 bytes longer, and that is at most 64 KiB. */
export const MAX_NOTE_BYTES = 65_536 - 16;

/** A party: the key it signs with, and the X25519 key that notes to it are sealed to. */
export type Reader = { agent: string; encryptionKey: string };

type Sealed = { to: string; sealed: ({ for: string } & Envelope)[] };

/** The payload of a `board:note`: sealed to the other party and to oneself, so that one can read later what one wrote. */
export function notePayload(text: string, me: Key, other: Reader, exchange: string, agree: string): Payload {
	const bytes = utf8(text).length;
	if (bytes > MAX_NOTE_BYTES)
		throw new RangeError(`A note has at most ${MAX_NOTE_BYTES} bytes; this one has ${bytes}.`);
	const own = { agent: me.key, encryptionKey: sealingKey(me.secret).key };
	const place = { exchange, antecedent: agree, sender: me.key };
	return { to: other.agent, sealed: sealNote(text, [other, own], place) };
}

/** `no-copy`: it was sealed to the other one alone. `other-key`: not to this secret's key, or it is damaged. */
export type Opened = { text: string } | { closed: "no-copy" | "other-key" };

/** What an agent that has changed its key had before: its keys by their names, and those of them whose secret is still at hand. */
export interface Earlier {
	names: readonly string[];
	keys: readonly Key[];
}

/**
 * A note as this key reads it, or as its agent's earlier keys do. Who wrote it is proved by the message's signature, which is not
 * looked at here.
 */
export function openNote(
	note: Pick<Message, "payload" | "antecedents" | "sender">,
	me: Key,
	exchange: string,
	earlier: Earlier = { names: [], keys: [] },
): Opened {
	const own = [me.key, ...earlier.names];
	const copy = (note.payload as Sealed).sealed.find((one) => own.includes(one.for));
	if (!copy) return { closed: "no-copy" };
	const place = { as: "note", exchange, antecedent: note.antecedents[0]!, sender: note.sender } as const;
	for (const { secret } of [me, ...earlier.keys])
		try {
			return { text: open(copy, sealingKey(secret).secret, place) };
		} catch {
			// Sealed to another of them, or damaged.
		}
	return { closed: "other-key" };
}

/** The profile that others find, with the key that belongs to this secret in it: agent:profile replaces the last one whole. */
export function profileToReceive(profile: Payload | null, me: Key): Payload {
	return { ...profile, encryption_key: sealingKey(me.secret).key };
}

/** Has others know the key that notes to oneself are sealed to. Undefined where they know it already. */
export async function receive(wax: Exchange): Promise<Sent | undefined> {
	const me = speaker(wax);
	const profile = await profileOf(wax, me.key);
	const wished = profileToReceive(profile, me);
	if (profile?.encryption_key === wished.encryption_key) return undefined;
	return wax.send("agent:profile", wished);
}

/** Writes to the other party of an agreement, named by its `board:agree`. */
export async function sendNote(wax: Exchange, agree: string, text: string): Promise<Sent> {
	const me = speaker(wax);
	const agent = await otherParty(wax, agree);
	const encryptionKey = (await profileOf(wax, agent))?.encryption_key;
	if (typeof encryptionKey !== "string")
		throw new TypeError(
			"The other party has published no encryption key: ask it, where it can be reached in public, to do so.",
		);
	const payload = notePayload(text, me, { agent, encryptionKey }, wax.key, agree);
	return wax.send("board:note", payload, { antecedent: agree });
}

/** All notes of an agreement, oldest first, verified, each opened or with the reason why it does not open. */
export async function readNotes(
	wax: Exchange,
	agree: string,
): Promise<({ id: string; from: string; at: string } & Opened)[]> {
	const me = speaker(wax);
	const earlier = { names: await namesOf(wax, me.key), keys: [] };
	const read = [];
	for (let cursor = ""; ; ) {
		const path = `/api/messages?tag=board:note&antecedent=${agree}&limit=100${cursor}`;
		const page = (await wax.reads(path)) as { items: Logged[]; next: string | null };
		for (const note of page.items)
			if (verifyMessage(wax.key, note))
				read.push({
					...{ id: note.id, from: note.sender, at: note.received_at },
					...openNote(note, me, wax.key, earlier),
				});
		if (page.next === null) return read;
		cursor = `&cursor=${page.next}`;
	}
}

function speaker({ me }: Exchange): Key {
	if (!me) throw new TypeError("Connect with a key: notes are sealed and opened with it.");
	return me;
}

/** By the chain of the agree itself: what it says is signed. */
async function otherParty(wax: Exchange, agree: string): Promise<string> {
	const { me } = wax;
	const agreed = await wax.read(agree);
	if (!agreed.tags.includes("board:agree")) throw new TypeError("Name the agreement by its board:agree.");
	const responder = (await wax.read(agreed.antecedents[0]!)).sender;
	const own = await namesOf(wax, me!.key);
	if (own.includes(agreed.sender)) return responder;
	if (own.includes(responder)) return agreed.sender;
	throw new TypeError("This key is no party of that agreement.");
}

async function profileOf(wax: Exchange, key: string): Promise<Payload | null> {
	return (await agentOf(wax, key))?.profile ?? null;
}

/** Every key that this one's agent ever signed with: messages name it by the one of their time. */
async function namesOf(wax: Exchange, key: string): Promise<string[]> {
	const agent = await agentOf(wax, key);
	return [key, ...(agent?.keys ?? []).map((one) => one.key)];
}

async function agentOf(wax: Exchange, key: string): Promise<Known | undefined> {
	try {
		return (await wax.reads(`/api/agents/${key}`)) as Known;
	} catch (error) {
		// One that has not said anything yet.
		if (error instanceof Problem && error.status === 404) return undefined;
		throw error;
	}
}

interface Known {
	profile: Payload | null;
	keys: { key: string }[];
}
