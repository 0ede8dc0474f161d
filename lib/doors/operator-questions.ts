import build from "../../package.json";
import { hasRole, readsAll } from "../agents/owner";
import { heavyActs, settingChanges, settingsInForce } from "../agents/read";
import { within } from "../exchange/engine/patience";
import type { Analysis } from "../exchange/ports";
import {
	type Case,
	type CaseKind,
	disputeCase,
	disputeContext,
	disputedOrder,
	nextCase,
	openCases,
	type Place,
	putCase,
} from "../exchange/queue";
import { chainOf } from "../exchange/read";
import { treasuryToday } from "../exchange/treasury";
import { ask } from "../log/ask";
import { base64, unhex } from "../log/bytes";
import { standingOf } from "../log/limits";
import { owed, unpark } from "../log/owed";
import { checkpointOrigin, root } from "../log/proof";
import { actOf, bodyOf, placeAt } from "../log/read";
import type { Recorded } from "../log/tail";
import { emissions, supply, totals } from "../scrip/read";
import type { Hosted } from "./hosted";
import { type AgentsAsked, knownAgents } from "./known-agents";
import { LIMITS } from "./limits";
import { type ActsAsked, houseActs, houseKeys, houseOperations } from "./operator-acts";
import { show } from "./show";
import { snapshot } from "./snapshot";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back the supply is drawn, and in what steps. */
export const SUPPLY_RANGES = {
	hours: { spanMs: 3 * HOUR_MS, stepMs: HOUR_MS / 12 },
	day: { spanMs: DAY_MS, stepMs: HOUR_MS },
	month: { spanMs: 30 * DAY_MS, stepMs: DAY_MS },
	year: { spanMs: 365 * DAY_MS, stepMs: 7 * DAY_MS },
} as const;
export type SupplyRange = keyof typeof SUPPLY_RANGES;

function fitting(ageMs: number): SupplyRange {
	if (ageMs < 6 * HOUR_MS) return "hours";
	if (ageMs < 3 * DAY_MS) return "day";
	return ageMs < 90 * DAY_MS ? "month" : "year";
}

/** Of a content that is shown beside a case; the whole is at its message. */
const SHOWN_CHARACTERS = 40_000;
/** A page waits for the engine's comparison with earlier puts, and says so when it did not come. */
const ANALYSIS_PATIENCE_MS = 8_000;
const BUSIEST = 12;

export type Consoles = NonNullable<Awaited<ReturnType<ReturnType<typeof operatorQuestions>["consoles"]>>>;
export type CaseView = NonNullable<Awaited<ReturnType<Consoles["case"]>>>;
export type PutView = Extract<CaseView, { kind: "put" }>;
export type DisputeView = Extract<CaseView, { kind: "dispute" }>;

/** What the consoles of the house ask. Nobody gets at one of these questions but through `consoles`, which asks for roles each time. */
export function operatorQuestions(house: Hosted) {
	const { machine, sql, registry, engine } = house;

	return {
		/** The consoles' questions for a house operator or an auditor; undefined for everybody else. */
		async consoles(reader: string | undefined) {
			if (reader === undefined) return undefined;
			const { answer: may } = await ask(sql, machine, (state) => ({
				read: readsAll(state, reader),
				act: hasRole(state, reader, "operator"),
			}));
			return may.read ? { reader, isOperator: may.act, ...asked(reader, may.act) } : undefined;
		},
	};

	function asked(reader: string, acts: boolean) {
		return {
			/** What waits for a ruling. */
			queue: (kind: CaseKind | undefined, limit: number) =>
				snapshot(sql, (sql) => openCases(sql, house.now(), { kind, limit })),

			/** What waits for a second house operator, and what one has agreed to within a day. */
			approvals: async () =>
				(await heavyActs(house.readSql, house.now() - DAY_MS)).map(({ message, scrip, second }) => ({
					second,
					id: message.id,
					seq: message.seq,
					at: message.receivedAt,
					by: message.sender,
					scrip,
					says: registry.get(message.operation)!.caption(actOf(message)),
				})),

			/** The case to go on with after the one at this place. */
			next: (cases: readonly Case[], place: Place) => nextCase(cases, place, reader),

			/** A case by the message that made it, open or ruled on; undefined for what is none. */
			async case(id: string) {
				const [header] = await sql`select operation from messages where id = ${id}`;
				if (header?.operation === "exchange:put") return putView(id);
				if (header?.operation === "exchange:settle/dispute") return disputeView(id, reader);
				return undefined;
			},

			/** Without a range, the one in which the most of a log of this age can be seen. */
			money: async (asked?: SupplyRange) => {
				const now = house.now();
				const [first] = await sql`select received_at from messages where seq = 1`;
				const begun = Number(first?.received_at ?? now);
				const range = asked ?? fitting(now - begun);
				const [{ answer: today, at }, drawn] = await Promise.all([
					ask(sql, machine, (state) => treasuryToday(state, now)),
					snapshot(sql, async (sql) => {
						const { spanMs, stepMs } = SUPPLY_RANGES[range];
						const from = Math.max(now - spanMs, begun);
						const place = await placeAt(sql, Math.floor(from / stepMs) * stepMs);
						return {
							now: await totals(sql),
							points: await supply(sql, { from, to: now, stepMs, place }),
						};
					}),
				]);
				return { seq: at.seq, found: { today, range, totals: drawn.found.now, points: drawn.found.points } };
			},

			emissions: (before: number, limit: number) => snapshot(sql, (sql) => emissions(sql, before, limit)),

			agents: (query: AgentsAsked) => snapshot(sql, (sql) => knownAgents(sql, query)),

			settings: () => snapshot(sql, settingsInForce),

			settingChanges: (name?: string) => snapshot(sql, (sql) => settingChanges(sql, name)),

			acts: (query: ActsAsked) => snapshot(sql, (sql) => houseActs(sql, registry, house.key, query)),

			/** By whom and by which operation the acts of the house can be narrowed. */
			actFilters: async () => ({
				keys: [...(await houseKeys(sql)), house.key],
				operations: houseOperations(registry),
			}),

			health: () => health(),

			/** Has a duty that was given up tried again; false when it was not parked, or nobody here may. */
			unpark: async (duty: string) => acts && unpark(sql, duty, house.now()),
		};
	}

	async function putView(id: string) {
		const [row] = await sql`
			select e.status, e.put_seq, e.content_hash, e.description, e.content_type, m.body from views.entries e
			join messages m on m.id = e.id where e.id = ${id}`;
		if (!row) return undefined;
		const content = await textOf(row.content_hash);
		const analysis = row.status === "pending" ? await analysed() : undefined;
		const { answer, at } = await ask(sql, machine, (state) =>
			putCase(state, id, house.now(), analysis ?? {}),
		);
		if (!answer) return undefined;
		const place: Place = { standing: answer.seller.standing, seq: answer.entry.put_seq };
		return { kind: "put" as const, seq: at.seq, place, content, analysed: analysis !== undefined, ...answer };

		/** The exchange compares it as it would for a ruling of its own. */
		async function analysed(): Promise<Analysis | undefined> {
			const { embedding } = JSON.parse(row!.body).payload;
			const text = await engine.ports.content(row!.content_hash);
			return within(
				ANALYSIS_PATIENCE_MS,
				engine.ports.analyse({
					id,
					putSeq: Number(row!.put_seq),
					description: row!.description,
					contentType: row!.content_type,
					text,
					...(embedding && { embedding }),
				}),
			).catch(() => undefined);
		}
	}

	async function disputeView(id: string, reader: string) {
		const orderId = await disputedOrder(sql, id);
		if (orderId === undefined) return undefined;
		const { answer, at } = await ask(sql, machine, (state) =>
			disputeCase(state, orderId, house.now(), reader),
		);
		if (!answer) return undefined;
		const { order, entry, buyer, seller } = answer;
		const parties = { entry: entry.entry_id, buyer: buyer.key, seller: seller.key };
		const [context, content, chain] = await Promise.all([
			disputeContext(sql, order, parties),
			textOf(order.contentHash),
			chainOf(sql, order.buyId),
		]);
		const own = chain.filter((one) => [undefined, entry.entry_id].includes(payloadOf(one).entry_id));
		const filed = own.find((one) => one.id === id)!;
		// What was said with the dispute itself is the first of it.
		const evidence = own.filter(
			(one) => one.id === id || (one.operation === "exchange:settle/evidence" && one.antecedent === id),
		);
		const said = (sender: string) =>
			evidence.flatMap((one) => {
				const { reason: text } = payloadOf(one);
				if (one.sender !== sender || text === undefined) return [];
				return [{ id: one.id, seq: one.seq, at: one.receivedAt, text }];
			});
		return {
			kind: "dispute" as const,
			seq: at.seq,
			place: { standing: buyer.standing, seq: filed.seq } satisfies Place,
			...answer,
			...context,
			evidence: { buyer: said(buyer.key), seller: said(seller.key) },
			shown: await chunksOf(own.find((one) => one.id === context.previewId)),
			content,
			timeline: own.map((one) => ({
				id: one.id,
				seq: one.seq,
				at: one.receivedAt,
				sender: one.sender,
				says: registry.get(one.operation)?.caption(actOf(one)) ?? one.operation,
			})),
		};

		/** What the buyer saw before it bought. */
		async function chunksOf(preview: Recorded | undefined) {
			if (!preview) return [];
			const { messages } = await show(house, reader, [preview]);
			const { payload } = JSON.parse(messages[0]!);
			return payload.preview_chunks as { content: string; position: number; length: number }[];
		}
	}

	async function textOf(contentHash: string) {
		const [row] = await sql`
			select left(body, ${SHOWN_CHARACTERS}) as text, char_length(body) as characters,
				encode(sha256(convert_to(body, 'UTF8')), 'hex') = sha256 as holds
			from contents where sha256 = ${contentHash.slice("sha256:".length)}`;
		return {
			text: row!.text as string,
			whole: row!.characters <= SHOWN_CHARACTERS,
			characters: row!.characters as number,
			/** The stored text has the stated hash, computed now. */
			hashHolds: row!.holds as boolean,
		};
	}

	async function health() {
		const now = house.now();
		const began = performance.now();
		const [head] = await sql`
			select *, (select count(*) from sessions where expires_at > ${now}) as sessions,
				pg_database_size(current_database()) as bytes, current_setting('server_version') as version from head`;
		const databaseMs = performance.now() - began;
		const size = Number(head!.seq);
		const hashes = (head!.frontier as string[]).map((hash) => unhex(hash)!);
		const { heapUsed, rss } = process.memoryUsage();
		return {
			now,
			database: {
				ms: databaseMs,
				version: head!.version as string,
				bytes: Number(head!.bytes),
				replica: house.reads.standing,
			},
			log: {
				seq: size,
				lastAt: Number(head!.received_at),
				batches: Number(head!.batch),
				waiting: house.sequencer.waiting,
			},
			checkpoint: { origin: checkpointOrigin(house.key), size, root: base64(root({ size, hashes })) },
			engine: engine.health(),
			/** Undefined where the board is mirrored nowhere. */
			rails: await house.rails?.health(),
			owed: await owed(sql, now),
			sessions: Number(head!.sessions),
			busiest: await busiest(now),
			process: {
				build: build.version,
				node: process.version,
				upSeconds: Math.floor(process.uptime()),
				heapBytes: heapUsed,
				residentBytes: rss,
				clockStart: house.clockStart ?? null,
			},
		};
	}

	/** Who is nearest to a limit. */
	async function busiest(now: number) {
		const rows = await sql`
			select sender, name from limits where window_start > ${now - 2 * DAY_MS} order by current desc limit 200`;
		const { answer } = await ask(sql, machine, (state) =>
			rows.flatMap(({ sender, name }) => {
				const limit = LIMITS[name];
				return limit ? [{ sender: sender as string, ...standingOf(state, sender, name, limit, now) }] : [];
			}),
		);
		return answer
			.filter(({ left, count }) => left <= count / 2)
			.sort((a, b) => a.left / a.count - b.left / b.count)
			.slice(0, BUSIEST);
	}
}

function payloadOf(recorded: Recorded): { entry_id?: string; reason?: string } {
	return bodyOf(recorded).payload;
}
