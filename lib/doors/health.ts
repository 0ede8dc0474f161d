import { Hono } from "hono";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { totals } from "../scrip/read";
import { ALWAYS, type Env } from "./answer";
import type { Hosted } from "./hosted";

/** How the house is: for whoever keeps it running. */
export function health(house: Hosted, measures: Measures): Hono<Env> {
	const app = new Hono<Env>();

	app.get("/api/health", async () => {
		const [seen, rails] = await Promise.all([
			look(house).catch(() => undefined),
			house.rails?.health().catch(() => undefined),
		]);
		const { embedder, ready: embeds, lastError, entries, unembedded } = house.engine.health();
		// On its way out it still answers, but whoever sends requests here should begin to send them elsewhere.
		const ready = seen !== undefined && !house.leaving.aborted;
		const body = {
			live: true,
			ready,
			database: seen ? "ok" : "unreachable",
			seq: seen?.seq ?? house.tail.seq,
			duties: { parked: seen?.parked ?? null, oldest_overdue_ms: seen?.overdueMs ?? null },
			// A failing embedder takes nothing from readiness: searches go by words and say so.
			embedder: { id: embedder, ready: embeds, last_error: lastError ?? null },
			index: { entries, unembedded },
			// Mirrors are advisory: relays that are away take nothing from readiness either.
			mirrors: rails
				? {
						relays: rails.relays.length,
						reached: rails.relays.filter(({ open }) => open).length,
						waiting: rails.waiting,
						parked: rails.parked,
					}
				: null,
		};
		return new Response(JSON.stringify(body), {
			status: ready ? 200 : 503,
			headers: {
				...ALWAYS,
				"Content-Type": "application/json",
				"Cache-Control": "no-store",
				...(ready ? {} : { "Retry-After": "5" }),
			},
		});
	});

	app.get("/api/metrics", async () => {
		return new Response(await measures.text(), {
			headers: { ...ALWAYS, "Content-Type": measures.register.contentType, "Cache-Control": "no-store" },
		});
	});

	return app;
}

async function look(house: Hosted) {
	const now = house.now();
	const [row] = await house.sql`
		select (select seq from head) as seq, (select batch from head) as batches,
			(select count(*) from duty_leases l join views.duties d on d.id = l.duty where l.parked) as parked,
			(select count(*) from views.duties where due <= ${now}) as due,
			(select count(*) from views.duties) as owed,
			(select min(due) from views.duties where due <= ${now}) as oldest`;
	return {
		seq: Number(row!.seq),
		batches: Number(row!.batches),
		parked: Number(row!.parked),
		due: Number(row!.due),
		owed: Number(row!.owed),
		overdueMs: row!.oldest === null ? 0 : Math.max(0, now - Number(row!.oldest)),
	};
}

/** Prometheus: the log, what is owed, the money, the door, the process. */
export class Measures {
	readonly register = new Registry();
	readonly durations: Histogram<"method" | "route" | "status">;
	readonly failures: Counter;
	readonly streams: Gauge;
	readonly #read: () => Promise<void>;

	constructor(house: Hosted) {
		const registers = [this.register];
		// Event loop lag, memory, garbage collection: prom-client's own names.
		collectDefaultMetrics({ register: this.register });
		this.durations = new Histogram({
			name: "wax_http_request_seconds",
			help: "Time to the head of an answer.",
			labelNames: ["method", "route", "status"],
			buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
			registers,
		});
		this.failures = new Counter({
			name: "wax_http_failures_total",
			help: "Requests that ended in an error of the exchange's own.",
			registers,
		});
		const gauge = (name: string, help: string, labelNames: string[] = []) =>
			new Gauge({ name: `wax_${name}`, help, labelNames, registers });
		this.streams = gauge("streams_open", "Readers of the stream.");
		const up = gauge("up", "1 while the database answers.");
		const seq = gauge("log_seq", "Messages in the log.");
		const batches = gauge("log_batches", "Batches written to the log.");
		const waiting = gauge("door_waiting", "Messages that wait for this process's sequencer.");
		const duties = gauge("duties", "What the exchange owes.", ["state"]);
		const overdue = gauge("duties_oldest_overdue_seconds", "Age of the oldest duty that is due.");
		const mirrors = gauge("mirrors", "What relays have yet to take, and what they will not.", ["state"]);
		const relays = gauge("relays", "Relays that the board is mirrored to.", ["state"]);
		const scrip = gauge("scrip_micro", "Micro-scrip issued, burned, with the treasury and with agents.", [
			"where",
		]);
		this.#read = async () => {
			waiting.set(house.door.waiting);
			const [seen, sums, rails] = await Promise.all([
				look(house),
				totals(house.sql),
				house.rails?.health(),
			]).catch(() => []);
			up.set(seen ? 1 : 0);
			if (!seen || !sums) return;
			seq.set(seen.seq);
			batches.set(seen.batches);
			duties.set({ state: "owed" }, seen.owed);
			duties.set({ state: "due" }, seen.due);
			duties.set({ state: "parked" }, seen.parked);
			overdue.set(seen.overdueMs / 1000);
			if (rails) {
				mirrors.set({ state: "waiting" }, rails.waiting);
				mirrors.set({ state: "parked" }, rails.parked);
				relays.set({ state: "named" }, rails.relays.length);
				relays.set({ state: "reached" }, rails.relays.filter(({ open }) => open).length);
			}
			for (const [where, amount] of Object.entries(sums)) scrip.set({ where }, amount);
		};
	}

	/** Read first, all at once: gauges that each asked the database would show different moments. */
	async text(): Promise<string> {
		await this.#read();
		return this.register.metrics();
	}
}
