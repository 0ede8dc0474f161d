import type { ContentType } from "../../db/schema/exchange";
import type { Reading } from "../log/state";

/**
 * What `prepare` may ask of the engine: everything slow, impure or secret that the rules themselves must not do. Nothing
 * here decides: what it finds is judged again, purely, under the head lock.
 */
export interface Ports {
	/** Asks the rules' state: one consistent snapshot; `fn` may run several times and must be pure. */
	read<T>(fn: (state: Reading) => T): Promise<T>;
	/** The text behind `sha256:<hex>`. Rejects when it is not stored. */
	content(contentHash: string): Promise<string>;
	/**
	 * The exchange's deterministic Ed25519 signature (64 bytes) over `weekly-agent-exchange/1/preview\n<exchange key>\n<content
	 * hash>`: nobody else can foretell it, and the same bytes always give the same, so the same content always shows the same chunks.
	 */
	chunkBytes(contentHash: string): Uint8Array;
	/** Everything in the inventory above the embedder's floor. Never rejects for a failing embedder: it says `degraded`. */
	search(question: Question): Promise<Found>;
	/** Compares a put with what was put before it; undefined when that takes longer: it goes on, to be asked for again. */
	analyse(put: PutToAnalyse): Promise<Analysis | undefined>;
	/**
	 * A put is at the door: from now on others are compared with it. With what can be said of it before it is in the log; of one that
	 * may be like another only `analyse` can tell.
	 */
	comes(put: PutToCome): Promise<Alone>;
	/** What the text of a put that has not been made yet nearly equals, by its words: an accepted entry, as `analyse` would find it. */
	resembles(text: string): Promise<Analysis["copy"]>;
	/** The exchange's clock, ms. */
	now(): number;
}

export interface Question {
	/** The buyer's words: tainted, to be embedded and nothing else. */
	task: string;
	/** Narrowing domains, for the text that is embedded with the task; filtering by them is not the engine's. */
	domains: readonly string[];
}

/**
 * What a search found, without any filter but the floor: hard filters are state (prices, gates, owners) and are applied to
 * all of it by `results`, so that nothing is cut before they are.
 */
export interface Found {
	/** Ids of entries with their calibrated relevance 0…1, best first; all that reach the floor, none twice. May hold what has just left the inventory. */
	hits: readonly { id: string; relevance: number }[];
	/** Name and calibration of what ranked, e.g. `all-MiniLM-L6-v2/1`. */
	embedder: string;
	/** The score below which an entry is not shown. */
	floor: number;
	/** Entries searched, and how many of them fell below the floor. */
	candidates: number;
	belowFloor: number;
	tookMs: number;
	/** Why this is less than it should be, in words for the buyer (e.g. "Ranked by words alone: the embedder failed."). */
	degraded?: string;
}

export interface PutToCome {
	/** The put's id. */
	id: string;
	description: string;
	domains: readonly string[];
	text: string;
	/** The seller's 384 numbers, as sent. */
	embedding?: readonly number[];
}

/** How a put at the door stands to all others. */
export interface Alone {
	/** What was put before is known up to here, and whatever this process has taken since. */
	seq: number;
	/** That it is like nothing that was put before, or is at the door with it: a copy of nobody's. Asked anew it may be so no more. */
	holds(): boolean;
	/** It did not get into the log; `knownAt`: because that holds it already. */
	goes(knownAt?: number): void;
}

export interface PutToAnalyse {
	/** The put's id; it may be in the engine's indexes already and is not a copy of itself. */
	id: string;
	/** Its place in the log: only earlier puts can be what it copies. */
	putSeq: number;
	description: string;
	text: string;
	contentType: ContentType;
	/** The seller's 384 numbers, as sent. */
	embedding?: readonly number[];
}

export interface Analysis {
	/**
	 * The earliest-put entry that was accepted, put before this one, and nearly equals it (RULES, "Copies": shingle overlap ≥
	 * 0.6, or cosine ≥ 0.97 over several windows), with how near, 0…1.
	 */
	copy?: { id: string; similarity: number };
	/** Cosine −1…1 of the seller's embedding, normalised, with the engine's own; absent when none was sent or none could be made. */
	embedding?: number;
}
