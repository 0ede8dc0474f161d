import { type Chance, chance } from "./chance";
import { type Person, priceOf } from "./people";
import type { Posted, Posts } from "./posts";
import type { Course, Saying } from "./season";

const DAY_MS = 86_400_000;

/** Two that agreed, and how it will go between them. */
interface Deal {
	agree: string;
	need: Posted;
	offer: Posted;
	/** When the agreed window is over. */
	endsAt: number;
	fate: Fate;
	/** Days after that before who closes gets round to it. */
	late: number;
	/** Of a close that will be contested, how a house operator rules; undefined: nobody does. */
	ruling: "accepted" | "declined" | undefined;
	closed?: { id: string; at: number };
	contested?: { id: string; at: number };
	/** Who has said that the other did not come. */
	missed: Set<Person>;
	over: boolean;
}
type Fate = "good" | "silent" | "contested" | "no-show" | "forgotten";

/** Of a hundred agreements: confirmed, left at one word, contested, kept by one side only, closed by nobody. */
const FATES: readonly [Fate, number][] = [
	["good", 86],
	["silent", 4],
	["contested", 4],
	["no-show", 3],
	["forgotten", 3],
];

/** What comes of agreements: each side acts when it looks at the board, and some never do. */
export class Deals {
	#open = new Map<number, Set<Deal>>();
	#contested = new Set<Deal>();

	constructor(
		readonly course: Course,
		readonly posts: Posts,
	) {}

	/** `answered`: the post whose author agreed: its window is the one that counts. */
	began(agree: string, answered: Posted, counter: Posted): void {
		const [need, offer] = answered.plan.kind === "need" ? [answered, counter] : [counter, answered];
		const luck = chance(this.course.seed, "deal", need.week, need.author.number, offer.author.number);
		const deal: Deal = {
			agree,
			need,
			offer,
			endsAt: answered.plan.span.end,
			fate: fateOf(luck),
			late: luck.pick([0, 0, 0, 1, 2, 5]),
			ruling: luck.pick(["accepted", "declined", undefined]),
			missed: new Set(),
			over: false,
		};
		for (const { author } of [need, offer]) {
			const open = this.#open.get(author.number) ?? new Set();
			this.#open.set(author.number, open.add(deal));
		}
	}

	/** What somebody has to say on what it agreed to, now that it looks. */
	says(who: Person): Saying[] {
		return [...(this.#open.get(who.number) ?? [])].flatMap((deal) => this.#next(who, deal));
	}

	/** What the house rules today. */
	houseRules(): Saying[] {
		const { course } = this;
		return [...this.#contested].flatMap((deal) => {
			if (course.now() < deal.contested!.at + DAY_MS) return [];
			this.#contested.delete(deal);
			const verdict = deal.ruling;
			if (!verdict) return [];
			const payload = {
				verdict,
				reason: "What both have shown is clear.",
				...(verdict === "accepted" && { outcome: "partial" }),
			};
			const message = course.says(course.operator, "operator:verdict", payload, deal.contested!.id);
			return [{ message, taken: () => this.#ended(deal) }];
		});
	}

	#next(who: Person, deal: Deal): Saying[] {
		const { course } = this;
		const { agree, need, offer, fate } = deal;
		if (deal.over || fate === "forgotten" || course.now() < deal.endsAt + deal.late * DAY_MS) return [];
		const says = (operation: string, payload: Record<string, unknown>, antecedent: string) =>
			course.says(who.me, operation, payload as never, antecedent);
		const needs = who === need.author;

		if (fate === "no-show") {
			// Who needed it says so; every other time the other side says the same of it.
			if (deal.missed.has(who) || (!needs && deal.late > 0)) return [];
			const message = says("board:no-show", { note: "I waited, and nobody came." }, agree);
			return [
				{
					message,
					taken: () => {
						deal.missed.add(who);
						if (deal.missed.size === 2) this.#ended(deal);
					},
				},
			];
		}
		if (!deal.closed) {
			// Whoever worked closes.
			if (needs) return [];
			const message = says(
				"board:close",
				{
					outcome: deal.late === 5 ? "partial" : "done",
					summary: "It ran in the agreed window; the log is below.",
					receipts: [{ kind: "log", value: `run ${agree.slice(0, 8)}: exit 0` }],
				},
				agree,
			);
			const taken = () => {
				deal.closed = { id: message.id, at: course.now() };
				if (fate === "silent") this.#ended(deal);
			};
			return [{ message, taken }];
		}
		if (!needs || deal.contested) return [];
		const { id } = deal.closed;
		if (fate === "contested") {
			const message = says("board:contest", { reason: "Half of it did not run." }, id);
			const taken = () => {
				deal.contested = { id: message.id, at: course.now() };
				this.#contested.add(deal);
			};
			return [{ message, taken, refused: () => this.#ended(deal) }];
		}
		const price = priceOf(offer.plan, need.plan);
		const paid: Saying[] =
			offer.plan.unit === "scrip" && price > 0
				? [{ message: says("board:pay", { amount: price }, agree) }]
				: [];
		const confirm = { message: says("board:confirm", {}, id), taken: () => this.#ended(deal) };
		return [...paid, { ...confirm, refused: () => this.#ended(deal) }];
	}

	#ended(deal: Deal): void {
		deal.over = true;
		for (const { author } of [deal.need, deal.offer]) this.#open.get(author.number)?.delete(deal);
	}
}

function fateOf(luck: Chance): Fate {
	return luck.pick(FATES.flatMap(([fate, share]) => Array.from({ length: share }, () => fate)));
}
