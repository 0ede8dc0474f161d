import type { Sql, TransactionSql } from "postgres";

/** Longer than a relay is given to take one, times those leased at once. */
const LEASE_MS = 120_000;
const AT_ONCE = 20;
const TRIES = 5;
/** Pause before the next try of what a relay refused, by tries made. */
const PAUSE_MS = [0, 1_000, 5_000, 25_000, 120_000];

export interface Job {
	relay: string;
	agent: string;
	week: string;
	eventId: string;
	/** The event, as JSON. */
	event: string;
	tries: number;
}

/** Every relay has this mirror's newest event to take; what it refused of an older one counts no more. */
export async function queue(
	sql: TransactionSql,
	relays: readonly string[],
	mirror: Pick<Job, "agent" | "week" | "eventId">,
	at: number,
): Promise<void> {
	const { agent, week, eventId } = mirror;
	await sql`
		insert into mirror_jobs (relay, agent, week, event_id, queued_at, leased_until, tries, parked)
		select relay, ${agent}, ${week}, ${eventId}, ${at}, 0, 0, false from unnest(${[...relays]}::text[]) relay
		on conflict (relay, agent, week) do update set event_id = excluded.event_id, queued_at = excluded.queued_at,
			process = null, leased_until = 0, tries = 0, parked = false, error = null`;
}

/**
 * What a process finds when it begins: a relay that is new is owed every mirror there is, one that is no longer named is owed
 * nothing, and what was parked is tried once more.
 */
export async function begin(sql: Sql, relays: readonly string[], at: number): Promise<void> {
	await sql.begin(async (sql) => {
		await sql`delete from mirror_jobs where relay <> all(${[...relays]}::text[])`;
		await sql`delete from rail_marks where name like 'relay:%' and substr(name, 7) <> all(${[...relays]}::text[])`;
		await sql`update mirror_jobs set parked = false, tries = 0, leased_until = 0 where parked`;
		for (const relay of relays) {
			const [fresh] = await sql`
				insert into rail_marks (name, seq) values (${`relay:${relay}`}, 0) on conflict do nothing returning name`;
			if (!fresh) continue;
			await sql`
				insert into mirror_jobs (relay, agent, week, event_id, queued_at, leased_until, tries, parked)
				select ${relay}, agent, week, event_id, ${at}, 0, 0, false from mirrors where expires_at > ${at}
				on conflict do nothing`;
		}
	});
}

/** Takes up what a relay is owed and nobody works on, the longest owed first. */
export async function lease(sql: Sql, relay: string, process: string, at: number): Promise<Job[]> {
	const rows = await sql`
		with taken as (
			update mirror_jobs set process = ${process}, leased_until = ${at + LEASE_MS}
			where (relay, agent, week) in (
				select relay, agent, week from mirror_jobs
				where relay = ${relay} and not parked and leased_until <= ${at}
				order by queued_at, agent limit ${AT_ONCE} for update skip locked)
			returning *
		)
		select t.relay, t.agent, t.week, t.tries, m.event_id, m.event, t.queued_at from taken t
			join mirrors m on m.agent = t.agent and m.week = t.week
		order by t.queued_at, t.agent`;
	return rows.map(({ event_id: eventId, relay, agent, week, event, tries }) => ({
		relay,
		agent,
		week,
		eventId,
		event,
		tries,
	}));
}

/** The relay has it. When there is a newer one by now, that is still owed. */
export async function taken(sql: Sql, { relay, agent, week, eventId }: Job): Promise<void> {
	await sql`
		delete from mirror_jobs where relay = ${relay} and agent = ${agent} and week = ${week} and event_id = ${eventId}`;
}

/** The relay will not have it: tried again with growing pauses, then parked. True when it is. */
export async function refused(sql: Sql, job: Job, reason: string, at: number): Promise<boolean> {
	const { relay, agent, week, eventId } = job;
	const tries = job.tries + 1;
	const parked = tries >= TRIES;
	const until = at + PAUSE_MS[Math.min(tries, PAUSE_MS.length - 1)]!;
	await sql`
		update mirror_jobs set process = null, leased_until = ${until}, tries = ${tries}, parked = ${parked},
			error = ${reason.slice(0, 300)}
		where relay = ${relay} and agent = ${agent} and week = ${week} and event_id = ${eventId}`;
	return parked;
}

/** The relay cannot be reached: nothing was refused, and whoever reaches it first may go on. */
export async function release(sql: Sql, relay: string, process: string): Promise<void> {
	await sql`
		update mirror_jobs set leased_until = 0, process = null where relay = ${relay} and process = ${process}`;
}

/** Mirrors that no relay needs any more. */
export async function sweep(sql: Sql, at: number): Promise<void> {
	await sql`
		with over as (delete from mirrors where expires_at <= ${at} returning agent, week)
		delete from mirror_jobs j using over o where j.agent = o.agent and j.week = o.week`;
}

export interface Owing {
	waiting: number;
	parked: number;
	/** Since when the oldest has been waiting, ms. */
	oldest: number | null;
}

export async function owing(sql: Sql): Promise<Owing> {
	const [row] = await sql`
		select count(*) filter (where not parked) as waiting, count(*) filter (where parked) as parked,
			min(queued_at) filter (where not parked) as oldest from mirror_jobs`;
	return {
		waiting: Number(row!.waiting),
		parked: Number(row!.parked),
		oldest: row!.oldest === null ? null : Number(row!.oldest),
	};
}
