import type { Sql } from "postgres";
import { ask } from "../log/ask";
import { unhex } from "../log/bytes";
import { dutyId } from "../log/duties";
import type { Machine } from "../log/machine";
import type { Act } from "../log/operation";
import { publicKey, sign, signedBytes } from "../log/sign";
import type { Tail } from "../log/tail";
import { together } from "../log/together";
import { embedderFrom } from "../match/embedder";
import { entryText } from "../match/text";
import { Analyst } from "./engine/analysis";
import { Earlier } from "./engine/earlier";
import { Feed } from "./engine/feed";
import { Kept } from "./engine/kept";
import { Meaning, QUESTION_PATIENCE_MS, type Tell } from "./engine/meaning";
import { inTime, pause, within } from "./engine/patience";
import type { Found, Ports } from "./ports";

export interface EngineParts {
	/** The database that is written: a replica may lag behind what a seller has just been told. */
	sql: Sql;
	machine: Machine;
	/** Started, else what others log between its start and the first reading is missed. */
	tail: Pick<Tail, "listen" | "seq">;
	now(): number;
	/** The exchange's private key, 64 hex. */
	secret: string;
	/** EMBEDDER and EMBEDDER_KEY; see lib/match/embedder. */
	embedder?: string;
	embedderKey?: string;
	tell?: Tell;
}

export interface Engine {
	/** What the exchange's duties prepare with; a free search is `ports.search` without a buyer. */
	ports: Ports;
	health(): EngineHealth;
	/**
	 * What is on its way into the log through this process, which will answer it: what a buy asks is embedded while the database
	 * writes it down. Only ever makes the search quicker.
	 */
	hear(logged: readonly { act: Pick<Act, "operation" | "payload"> }[]): void;
	/**
	 * Resolves when what the log said up to `seq`, or whatever this process has heard of until now, can be found. Every
	 * search waits for the latter, as long as for its vector.
	 */
	caughtUp(seq?: number): Promise<void>;
	/** Resolves when all that is live is embedded; while the embedder fails it does not. */
	embedded(): Promise<void>;
	close(): Promise<void>;
}

export interface EngineHealth {
	/** The embedder's id. */
	embedder: string;
	/** It is calibrated and its last attempt succeeded; else searches are by words. */
	ready: boolean;
	/** Live entries, and how many of them are not wholly embedded. */
	entries: number;
	unembedded: number;
	/** Why the embedder does not work. */
	lastError?: string;
}

/** A model nobody has measured takes a minute, and may be unreachable: the exchange opens all the same, on words. */
const CALIBRATION_PATIENCE_MS = 1_000;
const CALIBRATE_AGAIN_MS = 30_000;

/**
 * What finds, compares, reads and signs for the rules: slow, impure or secret, and never the one that decides. Opens with
 * what is kept of the inventory, and embeds what is missing afterwards. Throws for an EMBEDDER that is none.
 */
export async function openEngine(parts: EngineParts): Promise<Engine> {
	const { sql, machine, tail, now, secret, tell = () => {} } = parts;
	const kept = new Kept(sql);
	const embedder = embedderFrom({ EMBEDDER: parts.embedder, EMBEDDER_KEY: parts.embedderKey });
	const meaning = new Meaning(embedder, kept, tell);
	const earlier = new Earlier(secret, kept);
	const feed = new Feed({ sql, tail, meaning, earlier, content, tell });
	const analyst = new Analyst({ feed, earlier, meaning, content, isParked });
	const closing = new AbortController();

	const stored = together(async (hashes: string[]) => {
		const rows = await sql`select sha256, body from contents where sha256 = any(${hashes})`;
		const bodies = new Map(rows.map(({ sha256, body }) => [sha256 as string, body as string]));
		return hashes.map((sha256) => bodies.get(sha256));
	});

	async function content(sha256: string): Promise<string> {
		const body = await stored(sha256);
		if (body === undefined) throw new Error(`the content ${sha256} is not stored`);
		return body;
	}

	async function isParked(put: string): Promise<boolean> {
		const rows = await sql`
			select 1 from views.duties d join duty_leases l on l.duty = d.id
			where d.id = ${dutyId("exchange:settle/put-accept", put)} and l.parked`;
		return rows.length > 0;
	}

	async function calibrate(): Promise<void> {
		while (!closing.signal.aborted)
			try {
				return await meaning.calibrate();
			} catch {
				await pause(CALIBRATE_AGAIN_MS, closing.signal);
			}
	}

	const search = async ({ task, domains }: Parameters<Ports["search"]>[0]): Promise<Found> => {
		const began = performance.now();
		const text = entryText(task, domains);
		const [vector, caughtUp] = await Promise.all([
			meaning.question(text),
			inTime(QUESTION_PATIENCE_MS, feed.caughtUp()),
		]);
		const found = feed.inventory.search(text, vector, now());
		if (!caughtUp)
			found.degraded ??= "What was accepted in the last moments is missing: the exchange is slow.";
		return { ...found, tookMs: Math.round(performance.now() - began) };
	};

	const calibrating = calibrate();
	await within(CALIBRATION_PATIENCE_MS, calibrating);
	const onWords = meaning.calibration === undefined;
	await feed.open();
	// Before the first buyer waits for it.
	const ready = calibrating.then(async () => {
		if (onWords) feed.anew();
		await meaning.warmUp();
	});

	return {
		ports: {
			read: async (question) => (await ask(sql, machine, question)).answer,
			content: (contentHash) => content(contentHash.slice("sha256:".length)),
			chunkBytes: (contentHash) =>
				unhex(sign(secret, signedBytes("preview", publicKey(secret), contentHash)))!,
			search,
			analyse: (put) => analyst.analyse(put),
			comes: (put) => analyst.comes(put),
			resembles: (text) => analyst.resembles(text),
			now,
		},
		health: () => ({
			embedder: embedder.id,
			ready: meaning.ready,
			entries: feed.inventory.size,
			unembedded: feed.inventory.unembedded,
			...(meaning.trouble !== undefined && { lastError: meaning.trouble }),
		}),
		caughtUp: (seq) => feed.caughtUp(seq),
		async embedded() {
			await ready;
			await feed.finished();
		},
		hear(logged) {
			for (const { act } of logged) {
				if (act.operation !== "exchange:buy") continue;
				const { task, domains = [] } = act.payload as { task: string; domains?: string[] };
				meaning.expect(entryText(task, domains));
			}
		},
		async close() {
			closing.abort();
			await Promise.all([meaning.close(), feed.close()]);
			await ready;
		},
	};
}
