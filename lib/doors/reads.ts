import { AsyncLocalStorage } from "node:async_hooks";
import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { MiddlewareHandler } from "hono";
import type { Sql } from "postgres";
import { isConnectionTrouble } from "../log/sequencer";
import type { Tail } from "../log/tail";
import { together } from "../log/together";
import { headOf } from "./head";
import type { House } from "./house";
import { refuseNoReplica, stillFollows } from "./replica";
import type { Tell } from "./tell";

/** From which database comes what is only shown. Nothing that is judged is ever asked of another than the primary. */
export interface Reads {
	/** Within the work of `from` perhaps the replica; everywhere else the primary. */
	readonly sql: Sql;
	/** Whether there is a replica, and whether it is read now; undefined: pages read the primary because there is none. */
	readonly standing: "read" | "behind" | "away" | undefined;
	/** How far the log is shown here, and how many messages it is known to have beyond that. */
	place(): { seq: number; behind: number };
	/**
	 * Does the work on the replica where that holds the log up to `seq`, now or in a moment; without `seq`, up to wherever it
	 * is. Else on the primary.
	 */
	from<T>(seq: number | undefined, work: () => T): Promise<T>;
	close(): Promise<void>;
}

/** Whoever has written waits so long for the replica; reading what was written from the primary costs less than waiting longer. */
const PATIENCE_MS = 300;
const LOOK_MS = 500;
/** A replica that is further behind than this is not shown to anybody: what happened would seem not to have. */
const LONGEST_BEHIND_MS = 30_000;

export function primaryAlone(sql: Sql, tail: Pick<Tail, "seq">): Reads {
	return {
		sql,
		standing: undefined,
		place: () => ({ seq: tail.seq, behind: 0 }),
		from: async (_, work) => work(),
		close: async () => {},
	};
}

export interface ReadsParts {
	replica: Sql;
	sql: Sql;
	tail: Pick<Tail, "seq">;
	/** Of the exchange. */
	key: string;
	tell: Tell;
}

/**
 * Reads from a replica while it answers and follows. One that is none of this log is refused, in a line for a person; one that is
 * away is waited for, and the primary read meanwhile.
 */
export async function openReads({ replica, sql, tail, key, tell }: ReadsParts): Promise<Reads> {
	const here = new AsyncLocalStorage<{ seq: number; ofReplica: boolean }>();
	let standing: "read" | "behind" | "away" = "away";
	/** When the log was first seen to be so long: by that the replica's place says how old what it shows is. */
	let seen: { at: number; seq: number }[] = [];
	let known: number | undefined;
	let follows = true;

	const place = together(async (askers: undefined[]) => {
		const [head] = await replica`select seq from head`;
		known = Number(head!.seq);
		return askers.map(() => known!);
	});

	const became = (now: typeof standing, why?: unknown) => {
		if (now === standing) return;
		const was = standing;
		standing = now;
		if (now === "away")
			tell("warn", "the database of DATABASE_READ_URL is away: pages read the primary", why);
		else if (now === "behind")
			tell("warn", "the database of DATABASE_READ_URL is far behind: pages read the primary");
		else if (was !== "read") tell("info", "pages read the database of DATABASE_READ_URL");
	};

	async function look(): Promise<void> {
		try {
			// One that was away may have come back as something else, and one that is here may be promoted.
			if (standing === "away" || !(await stillFollows(replica, follows)))
				follows = await refuseNoReplica(replica, sql, key);
			const at = await place(undefined);
			const now = performance.now();
			seen = [...seen.filter(({ seq }) => seq > at), { at: now, seq: tail.seq }];
			const since = seen.find(({ seq }) => seq > at)?.at ?? now;
			became(now - since > LONGEST_BEHIND_MS ? "behind" : "read");
		} catch (error) {
			became("away", error);
		}
	}

	try {
		follows = await refuseNoReplica(replica, sql, key);
		standing = "read";
		await place(undefined);
	} catch (error) {
		if (!isConnectionTrouble(error)) {
			await replica.end({ timeout: 1 });
			const { code, message } = error as { code?: string; message: string };
			if (code === undefined) throw error;
			throw new Error(
				`The database of DATABASE_READ_URL cannot be read (${message}): correct it, or leave it out`,
			);
		}
		tell("warn", "the database of DATABASE_READ_URL is away: pages read the primary", error);
	}
	let looking: Promise<void> | undefined;
	const timer = setInterval(() => {
		looking ??= look().finally(() => {
			looking = undefined;
		});
	}, LOOK_MS);
	timer.unref();

	const reading = fallingBack(replica, sql, (error) => became("away", error));
	/** A place that it did not come to in time: until it has, nobody else waits for as much. */
	let missed = 0;
	const reached = async (least: number): Promise<number | undefined> => {
		const patience = known !== undefined && known < Math.min(missed, least) ? 0 : PATIENCE_MS;
		const until = performance.now() + patience;
		for (;;) {
			const left = until - performance.now();
			const at = await Promise.race([place(undefined).catch(() => undefined), sleep(PATIENCE_MS)]);
			if (at === undefined || at >= least) return at ?? undefined;
			if (left <= 0) {
				missed = least;
				return undefined;
			}
			await sleep(20);
		}
	};

	return {
		get sql() {
			return here.getStore()?.ofReplica ? reading : sql;
		},
		get standing() {
			return standing;
		},
		place() {
			const seq = here.getStore()?.seq ?? tail.seq;
			return { seq, behind: Math.max(0, tail.seq - seq) };
		},
		async from(seq, work) {
			const at = standing === "read" ? await reached(seq ?? 0) : undefined;
			// This process may hear of what the reader has seen a moment later.
			const place = at ?? Math.max(tail.seq, seq ?? 0);
			return here.run({ seq: place, ofReplica: at !== undefined }, work);
		},
		async close() {
			clearInterval(timer);
			await replica.end({ timeout: 1 });
			await looking;
		},
	};
}

/** A reader's own pages hold at least what its browser has seen: its own acts, and what a stream has told it. */
export function readingPages(
	{ reads, sql }: Pick<House, "reads" | "sql">,
	pages: RequestListener,
): RequestListener {
	if (reads.standing === undefined) return pages;
	return async (request, response) => {
		const { method, url = "/", headers } = request;
		// Who rules on others sees what is.
		const isShown = (method === "GET" || method === "HEAD") && !/^\/(?:_next|operator)\b/.test(url);
		if (!isShown) return pages(request, response);
		const [, told] = /(?:^|;\s*)seen=(\d{1,15})(?:;|$)/.exec(headers.cookie ?? "") ?? [];
		// The cookie of another log at this address may name what there is not.
		const seen = told === undefined ? undefined : Math.min(Number(told), await headOf(sql).catch(() => 0));
		return reads.from(seen, () => pages(request, response));
	};
}

/** What agents are told is never behind what was logged when they asked: whoever wrote, through whichever process, reads it. */
export function readingViews({ reads, sql }: Pick<House, "reads" | "sql">): MiddlewareHandler {
	return async (c, next) => {
		if (c.req.method !== "GET" && c.req.method !== "HEAD") return next();
		// While the primary is away nothing is logged.
		return reads.from(await headOf(sql).catch(() => undefined), next);
	};
}

/**
 * The replica, but what it fails at is asked of the primary: when it goes away, when it throws a reader out to go on
 * following (40001), when it has yet to hear of a table (42P01, 42703).
 */
function fallingBack(replica: Sql, primary: Sql, lost: (error: unknown) => void): Sql {
	const instead = <T>(error: unknown, ask: () => PromiseLike<T>): PromiseLike<T> => {
		const code = String((error as { code?: unknown }).code ?? "");
		if (!isConnectionTrouble(error) && !/^42(P01|703)$/.test(code)) throw error;
		if (!/^(40|42)/.test(code)) lost(error);
		return ask();
	};
	const guarded = (query: PromiseLike<unknown>, ask: () => PromiseLike<unknown>) => {
		// postgres.js begins a query when it is awaited; one that stands within another never is.
		const begin = query.then.bind(query) as PromiseLike<unknown>["then"];
		let answer: PromiseLike<unknown> | undefined;
		return Object.assign(query, {
			// biome-ignore lint/suspicious/noThenProperty: it is a promise's already
			then(...how: Parameters<PromiseLike<unknown>["then"]>) {
				answer ??= begin(
					(rows) => rows,
					(error) => instead(error, ask),
				);
				return answer.then(...how);
			},
		});
	};
	return new Proxy(replica, {
		apply(asked, _, words: Parameters<Sql>) {
			const query = Reflect.apply(asked, undefined, words);
			const isQuery = Array.isArray((words[0] as { raw?: unknown } | undefined)?.raw);
			return isQuery ? guarded(query, () => Reflect.apply(primary, undefined, words)) : query;
		},
		get(asked, name) {
			if (name === "unsafe")
				return (...words: Parameters<Sql["unsafe"]>) =>
					guarded(asked.unsafe(...words), () => primary.unsafe(...words));
			if (name === "begin")
				return async (...work: Parameters<Sql["begin"]>) =>
					asked.begin(...work).then(undefined, (error) => instead(error, () => primary.begin(...work)));
			return Reflect.get(asked, name);
		},
	});
}
