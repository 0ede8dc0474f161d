/**
 * An agent's history as a file (`GET /api/agents/{key}/history.ndjson`), verified by whoever holds it: without the exchange, without a
 * network. Every message is what its sender signed, and stands in the log that the exchange signed, where and when it says.
 */
import { unbase64 } from "../log/bytes";
import type { Json } from "../log/json";
import { keyChain, type Rotation, signedHead } from "../log/key-chain";
import { detach, envelope, isInstant } from "../log/message";
import { leafData, leafHash, verifyInclusion } from "../log/proof";
import { Agents } from "./agents";
import type { Line } from "./audit";
import { verifyMessage } from "./compose";

export type History = {
	/** Nothing is wrong. */
	good: boolean;
	/** Keys. Whether the exchange is the one that the reader means, only the reader can know. */
	exchange: string;
	agent: string;
	/** Messages that the checkpoint is over. */
	size: number;
	messages: number;
	/** Of those, sent by the agent; with content that was checked against what was signed; withheld by the house. */
	sent: number;
	withContent: number;
	withheld: number;
	/** What is wrong, a sentence each; at most 100. */
	faults: string[];
};

const MOST_FAULTS = 100;
const KEY = /^[0-9a-f]{64}$/;

/** Verifies a history, line by line. `exchangeKey`: the one it must be of, where the reader knows it. */
export async function verifyHistory(
	lines: AsyncIterable<string> | Iterable<string>,
	exchangeKey?: string,
): Promise<History> {
	const found = { exchange: "", agent: "", size: 0, messages: 0, sent: 0, withContent: 0, withheld: 0 };
	const faults: string[] = [];
	const fault = (says: string) => faults.length < MOST_FAULTS && faults.push(says);
	let root: Uint8Array | undefined;
	let agents: Agents | undefined;
	let last = 0;
	for await (const text of lines) {
		if (text.trim() === "") continue;
		const line = read(text);
		if (found.exchange === "") {
			const { exchange, agent, checkpoint, rotations } = (line ?? {}) as Record<string, unknown>;
			if (![exchange, agent].every((key) => typeof key === "string" && KEY.test(key))) {
				fault("the first line does not say whose history it is, of which exchange");
				break;
			}
			found.exchange = exchange as string;
			found.agent = agent as string;
			if (exchangeKey !== undefined && exchange !== exchangeKey)
				fault(`it is of another exchange: ${exchange}`);
			agents = new Agents(found.exchange);
			// The exchange's own changes of its key come along: each is signed by the key before it.
			const chain = keyChain(found.exchange, Array.isArray(rotations) ? rotations.filter(isMessage) : []);
			const head = signedHead(String(checkpoint), found.exchange, chain);
			if (!head) fault("its checkpoint is not signed by the exchange");
			else [root, found.size] = [head.root, head.size];
			continue;
		}
		found.messages++;
		const one = line as (Line & { proof: string[] }) | undefined;
		const { id, sender, tags, payload, antecedents, timestamp, signature } = one ?? ({} as Line);
		const judged = envelope({ id, sender, tags, payload, antecedents, timestamp, signature } as Json);
		if (!one || !judged.ok || !Number.isSafeInteger(one.seq) || !isInstant(one.received_at)) {
			fault(`line ${found.messages + 1} is no message`);
			continue;
		}
		const at = `message ${one.seq}`;
		if (one.seq <= last) fault(`${at} stands after message ${last}`);
		last = one.seq;
		const path = Array.isArray(one.proof) ? one.proof.map((hash) => unbase64(hash) ?? new Uint8Array()) : [];
		const leaf = leafHash(leafData(id, Date.parse(one.received_at)));
		if (!root || !verifyInclusion(one.seq - 1, found.size, leaf, path, root))
			fault(`${at} does not stand in the log that the exchange signed`);
		if (one.hidden_by !== undefined) {
			found.withheld++;
			if (agents?.of(sender) === found.agent) found.sent++;
			continue;
		}
		// A part of the log cannot say who may change whose key, but who did.
		agents?.take(one);
		if (agents?.of(sender) === found.agent) found.sent++;
		if (!verifyMessage(found.exchange, one)) fault(`${at} is not what its sender signed`);
		else if (detach(payload).contents.length > 0) found.withContent++;
	}
	if (found.exchange === "" && faults.length === 0) fault("there is nothing in it");
	return { ...found, good: faults.length === 0, faults };
}

function isMessage(value: unknown): value is Rotation {
	const { id, sender, tags, payload, antecedents, timestamp, signature, seq } = (value ?? {}) as Rotation;
	const judged = envelope({ id, sender, tags, payload, antecedents, timestamp, signature } as Json);
	return judged.ok && Number.isSafeInteger(seq);
}

function read(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
