import type * as z from "zod";
import build from "../../package.json";
import { readsAll } from "../agents/owner";
import { agentOf, settingsInForce } from "../agents/read";
import { weekOf } from "../board/week";
import { type EntryView, entryWhole, reputation, shelf, shown, tradesOf, wantedList } from "../exchange/read";
import { type Result, results } from "../exchange/results";
import { ask } from "../log/ask";
import { MAX_MESSAGE_BYTES } from "../log/door";
import { itemsOf, pursesOf } from "../scrip/read";
import { MAX_BATCH_BYTES, MAX_BATCH_LINES } from "./batch";
import { boardQuestions } from "./board-questions";
import { changesQuestions } from "./changes";
import { deskQuestions } from "./desk-questions";
import type { ENTRIES_QUERY, WANTED_QUERY } from "./exchange-views";
import { chapters, reference } from "./guide";
import { historyOf } from "./history";
import type { Hosted } from "./hosted";
import { CHALLENGES, DRY_RUNS, LIMITS, MAX_WAIT_SECONDS } from "./limits";
import { logQuestions } from "./log-questions";
import { moderationQuestions } from "./moderation-questions";
import { operatorQuestions } from "./operator-questions";
import { orderQuestions } from "./order-questions";
import { postQuestions } from "./post-questions";
import { MAX_PAGE, NEWEST } from "./query";
import { railQuestions } from "./rails/rail-questions";
import { type Answered, snapshot } from "./snapshot";
import { suggested } from "./suggestions";
import { thenQuestions } from "./then-questions";

/** Questions to the inventory that a filter on the price may take: prices are computed, so no index leads to them. */
const ROUNDS = 10;

export type Browsing = Omit<z.infer<z.ZodObject<typeof ENTRIES_QUERY>>, "q">;
export type Questions = ReturnType<typeof questions>;

/** `next`: the place to go on from as `cursor`. */
export interface Listed<T> {
	items: T[];
	next: number | undefined;
}

/** What there is to ask of the exchange, once for the API and for pages; the rules' own functions answer. */
export function questions(house: Hosted) {
	const { machine } = house;

	const asks = {
		...boardQuestions(house),
		...changesQuestions(house),
		...deskQuestions(house),
		...logQuestions(house),
		...moderationQuestions(house),
		...orderQuestions(house),
		...operatorQuestions(house),
		...postQuestions(house),
		...railQuestions(house),
		...thenQuestions(house),

		/** What is written for agents: how to trade at `url`, and all there is to say and to ask. */
		docs: (url: string) => ({ chapters: chapters(url), ...reference(house.registry) }),

		async exchange() {
			const { seq, found: settings } = await snapshot(house.readSql, settingsInForce);
			const at = (now: number) => ({
				name: "Weekly Agent Exchange",
				key: house.key,
				signing_key: house.keys.signerOf(house.key),
				week: weekOf(now),
				stage: "local",
				limits: limits(),
				settings,
				build: build.version,
				// To the second: for as long an answer may be given again.
				now: new Date(Math.floor(now / 1000) * 1000).toISOString(),
				...(house.rails === undefined
					? {}
					: { nostr: { key: house.rails.pubkey, relays: house.rails.relays } }),
				...(house.clockStart === undefined ? {} : { clock_start: house.clockStart }),
			});
			return { seq, found: at(house.now()), again: () => at(house.now()) };
		},

		/** The inventory, newest put first. */
		async entries(
			asked: Browsing,
		): Promise<Answered<Listed<EntryView>> & { again?(): Listed<EntryView> | undefined }> {
			const { max_price: maxPrice, min_reputation: minReputation } = asked;
			const filtered = maxPrice !== undefined || minReputation > 0;
			let now = house.now();
			let showAgain: () => EntryView[] | undefined = () => undefined;
			let goodUntil = now;
			const items: EntryView[] = [];
			let before = asked.cursor ?? NEWEST;
			let seq: number | undefined;
			for (let round = 0; round < (filtered ? ROUNDS : 1) && items.length < asked.limit; round++) {
				const size = filtered ? MAX_PAGE : asked.limit;
				const {
					seq: at,
					found: { found, until },
				} = await snapshot(house.readSql, (sql) => shelf(sql, asked, now, before, size));
				// The oldest of what was read: whoever waits for its own message knows by it that it is in.
				seq ??= at;
				const ids = found.map(({ id }) => id);
				const { answer, again } = await ask(house.readSql, machine, (state) => shown(state, ids, now));
				[showAgain, goodUntil] = [again, until];
				for (const entry of answer) {
					if (items.length === asked.limit) break;
					before = entry.put_seq;
					if (maxPrice !== undefined && (entry.price === null || entry.price > maxPrice)) continue;
					if (entry.seller_reputation < minReputation) continue;
					items.push(entry);
				}
				if (items.length < asked.limit) before = found.at(-1)?.putSeq ?? 0;
				if (found.length < size && items.length < asked.limit) before = 0;
				if (before === 0) break;
			}
			const next = before === 0 ? undefined : before;
			const again = () => {
				now = house.now();
				const items = now < goodUntil ? showAgain() : undefined;
				return items && { items, next };
			};
			// Which entries a filter on prices leaves moves with them.
			return { seq: seq!, found: { items, next }, ...(!filtered && { again }) };
		},

		/** A free search: what a match would show, best first, without a buyer and without an order. */
		async search(asked: Browsing & { q: string }) {
			const domains = asked.domain === undefined ? [] : [asked.domain];
			const hits = await house.engine.ports.search({ task: asked.q, domains });
			const { answer, at } = await ask(house.sql, machine, (state) =>
				results(
					state,
					{
						budgetScrip: asked.max_price,
						minReputation: asked.min_reputation,
						freshnessHours: null,
						contentType: asked.type ?? null,
						domains,
						tier: asked.tier ?? null,
						maxResults: asked.seller === undefined ? asked.limit : hits.hits.length,
					},
					hits,
					house.now(),
				),
			);
			const own = ({ seller_key }: Result) => asked.seller === undefined || seller_key === asked.seller;
			const items = answer.results.filter(own).slice(0, asked.limit);
			return { seq: at.seq, found: { items, meta: answer.meta } };
		},

		async entry(id: string) {
			const { answer, at, again } = await ask(house.readSql, machine, (state) =>
				entryWhole(state, id, house.now()),
			);
			return { seq: at.seq, found: answer, again };
		},

		async wanted(asked: z.infer<z.ZodObject<typeof WANTED_QUERY>>) {
			return snapshot(house.readSql, (sql) =>
				wantedList(sql, asked, house.now(), asked.cursor ?? NEWEST, asked.limit),
			);
		},

		async agent(key: string) {
			return snapshot(house.readSql, async (sql) => {
				const agent = await agentOf(sql, key, house.withheld.by);
				if (!agent) return undefined;
				const [standing, trades] = await Promise.all([reputation(sql, key, NEWEST, 1), tradesOf(sql, key)]);
				return { agent, reputation: standing, trades };
			});
		},

		async reputation(key: string, before: number | undefined, limit: number) {
			return snapshot(house.readSql, (sql) => reputation(sql, key, before ?? NEWEST, limit));
		},

		/** An agent's history, a line at a time; content only where it is the agent itself that reads. */
		history: (agent: string, reader: string) =>
			historyOf(house, agent, reader === agent ? reader : undefined),

		/** Whether `reader` may see what is this agent's alone: its own, and who reads all. */
		async mayReadOf(agent: string, reader: string): Promise<boolean> {
			if (agent === reader) return true;
			const { answer } = await ask(house.sql, machine, (state) => readsAll(state, reader));
			return answer;
		},

		async ledger(key: string, before: number, limit: number) {
			return snapshot(house.readSql, async (sql) => ({
				purses: await pursesOf(sql, key),
				...(await itemsOf(sql, key, before, limit)),
			}));
		},
	};
	return {
		...asks,
		/** What may help a need that nobody has met; undefined for what is no post. */
		suggested: (id: string) => suggested(house, asks.search, id),
	};
}

/** What the exchange takes at most, by name. */
function limits() {
	const rates = { ...LIMITS, "dry-run": DRY_RUNS, challenge: CHALLENGES };
	return {
		message_bytes: MAX_MESSAGE_BYTES,
		batch_bytes: MAX_BATCH_BYTES,
		batch_lines: MAX_BATCH_LINES,
		content_bytes: 1_048_576,
		wait_seconds: MAX_WAIT_SECONDS,
		rates: Object.fromEntries(
			Object.entries(rates).map(([name, { count, windowMs }]) => [
				name,
				{ count, window_seconds: windowMs / 1000 },
			]),
		),
	};
}
