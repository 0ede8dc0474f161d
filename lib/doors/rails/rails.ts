import { randomBytes } from "node:crypto";
import { getPublicKey } from "nostr-tools/pure";
import { unhex } from "../../log/bytes";
import type { House } from "../house";
import type { Tell } from "../tell";
import { Inbox } from "./inbox";
import { begin, lease, type Owing, owing, refused, release, sweep, taken } from "./jobs";
import { type MirroringParts, mirror } from "./mirroring";
import { RelayLine } from "./relay-line";

const POLL_MS = 1_000;
const SWEEP_MS = 3_600_000;
/** What ends by itself, as a hiding does, no message announces. */
const LOOK_MS = 30_000;
/** Pause before a relay is called again, by calls it has not answered: an outage is waited out, however long it lasts. */
const PAUSE_MS = [0, 1_000, 5_000, 25_000, 120_000, 600_000];

export interface RailsParts {
	house: Pick<House, "sql" | "machine" | "key" | "now" | "tail">;
	/** NOSTR_RELAYS and NOSTR_KEY. */
	relays: readonly string[];
	secret: string;
	publicUrl: string;
	tell: Tell;
}

export interface Rails {
	/** The exchange's key on Nostr. */
	pubkey: string;
	relays: readonly string[];
	publicUrl: string;
	/** Once round: what the log has said since, and what each relay is owed and can be told. Also done by itself. */
	work(): Promise<void>;
	health(): Promise<Owing & { relays: { url: string; open: boolean }[] }>;
	close(): Promise<void>;
}

interface Called {
	line: RelayLine;
	/** Calls in a row that it has not answered, and when to call again. */
	failures: number;
	again: number;
	busy: Promise<void> | undefined;
}

/**
 * Mirrors the board onto open rails and hears what comes from there, beside everything else: nothing of the exchange waits for a relay. What is owed to relays
 * lies in the database, so neither an outage nor a restart loses any; it is no duty of the log's, for what goes on outside is
 * nothing that a fold could know. Seed 000, "Interop"; ARCHITECTURE, "Duties".
 */
export async function openRails(parts: RailsParts): Promise<Rails> {
	const { house, relays, publicUrl, tell } = parts;
	const { sql, now } = house;
	const secret = unhex(parts.secret)!;
	const pubkey = getPublicKey(secret);
	const process = randomBytes(6).toString("hex");
	const mirroring: MirroringParts = { house, secret, pubkey, relays, publicUrl };
	const inbox = new Inbox(mirroring);
	const called = relays.map(
		(url): Called => ({
			line: new RelayLine(url, inbox),
			failures: 0,
			again: 0,
			busy: undefined,
		}),
	);
	let closed = false;
	let seen = -1;
	let look = 0;
	let following: Promise<void> | undefined;
	await begin(sql, relays, now());

	function follow(): Promise<void> {
		following ??= (async () => {
			const { seq } = house.tail;
			if (await inbox.work()) seen = -1;
			if (seq === seen && now() < look) return;
			while (!closed && (await mirror(mirroring)));
			if (await inbox.attend()) for (const { line } of called) line.listen();
			seen = seq;
			look = now() + LOOK_MS;
		})()
			.catch((error) => {
				if (!closed) tell("error", "mirroring the board, or reading what relays bring", error);
			})
			.finally(() => {
				following = undefined;
			});
		return following;
	}

	/** Tells a relay all that it is owed. */
	function serve(one: Called): Promise<void> {
		if (closed || (!one.busy && now() < one.again)) return Promise.resolve();
		one.busy ??= tellAll(one)
			.catch((error) => {
				if (!closed) tell("error", `the queue of ${one.line.url}`, error);
			})
			.finally(() => {
				one.busy = undefined;
			});
		return one.busy;
	}

	async function tellAll(one: Called): Promise<void> {
		const { line } = one;
		if (!(await answered(one, () => line.connect()))) return;
		for (;;) {
			const jobs = await lease(sql, line.url, process, now());
			if (jobs.length === 0) return;
			for (const job of jobs) {
				const said = closed ? undefined : await answered(one, () => line.publish(JSON.parse(job.event)));
				if (!said) return release(sql, line.url, process);
				const [reason] = said;
				if (reason === undefined) await taken(sql, job);
				else if (await refused(sql, job, reason, now()))
					tell("error", `${line.url} will not take the mirror of ${job.agent} in ${job.week}`, reason);
			}
		}
	}

	/** What the relay answered; undefined when it has not: then it is left alone, for longer and longer. */
	async function answered<T>(one: Called, call: () => Promise<T>): Promise<[T] | undefined> {
		try {
			const answer = await call();
			one.failures = 0;
			return [answer];
		} catch (error) {
			one.failures++;
			one.again = now() + PAUSE_MS[Math.min(one.failures, PAUSE_MS.length - 1)]!;
			if (one.failures === 1 && !closed)
				tell("warn", `${one.line.url} cannot be reached: what it is owed waits`, error);
			return undefined;
		}
	}

	/** What is under way may have begun before what the caller has just seen. */
	async function work(): Promise<void> {
		await following;
		// The log may be further than its tail in this process knows.
		seen = -1;
		await follow();
		const round = async (one: Called) => {
			await one.busy;
			await serve(one);
		};
		await Promise.all(called.map(round));
	}
	const timer = setInterval(() => {
		follow().then(() => {
			for (const one of called) serve(one);
		});
	}, POLL_MS);
	timer.unref();
	const sweeper = setInterval(() => {
		sweep(sql, now()).catch((error) => tell("warn", "sweeping mirrors", error));
	}, SWEEP_MS);
	sweeper.unref();

	return {
		pubkey,
		relays,
		publicUrl,
		work,
		async health() {
			return { ...(await owing(sql)), relays: called.map(({ line: { url, open } }) => ({ url, open })) };
		},
		async close() {
			closed = true;
			clearInterval(timer);
			clearInterval(sweeper);
			for (const { line } of called) line.close();
			await Promise.allSettled([following, ...called.map(({ busy }) => busy)]);
		},
	};
}
