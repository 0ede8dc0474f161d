import type { Kind } from "../../lib/board/fields";
import { boundsOf, weekAfter } from "../../lib/board/week";
import type { Deals } from "./deals";
import { type Person, type Plan, raised, serves } from "./people";
import type { Course, Saying } from "./season";

const DAY_MS = 86_400_000;

/** A post that the door has taken. */
export interface Posted {
	id: string;
	author: Person;
	week: string;
	plan: Plan;
	at: number;
	/** Of the newest revision, which is what is answered. */
	says: string;
	agreed: boolean;
	raised: boolean;
	/** In the order in which they came. */
	responses: Answer[];
}

export interface Answer {
	id: string;
	post: Posted;
	/** The responder's own post, which is matched with it. */
	counter: Posted;
	/** Its author does not wait for it any more. */
	over: boolean;
	/** Given to terms that are not those of now. */
	stale: boolean;
}

/** Nobody stands in a longer queue, or in more of them. */
const [QUEUE, QUEUES] = [3, 2];

/** The posts of a season, as those who take part know them. */
export class Posts {
	readonly byId = new Map<string, Posted>();
	/** Each agent's of this week, by its number. */
	#own = new Map<number, Posted>();
	#given = new Map<number, Answer[]>();
	#tried = new Set<string>();

	constructor(readonly course: Course) {}

	own({ number }: Person): Posted | undefined {
		const post = this.#own.get(number);
		return post?.week === this.#week() ? post : undefined;
	}

	isOpen({ agreed, week, plan }: Posted): boolean {
		return !agreed && week === this.#week() && this.course.now() < plan.span.end;
	}

	/** Has an open post, and may stand in another queue. */
	isLooking(who: Person): boolean {
		const own = this.own(who);
		if (!own || !this.isOpen(own)) return false;
		const waiting = this.#given
			.get(who.number)
			?.filter(({ over, counter, post }) => !over && counter === own && this.isOpen(post));
		return (waiting?.length ?? 0) < QUEUES;
	}

	/** Whether the reader, having read it, would answer it: it serves, and few have answered it before. */
	worthAnswering(own: Posted, other: Posted): boolean {
		const waiting = other.responses.filter(({ over }) => !over).length;
		return waiting < QUEUE && this.#serve(own, other);
	}

	posts(who: Person, plan: Plan): Saying[] {
		const { course } = this;
		const name = `${who.number} ${course.week()}`;
		// Whoever is barred by what it owes tries again the next day.
		if (this.#tried.has(name) || course.now() >= plan.span.end) return [];
		const { kind, says } = plan;
		const message = course.says(who.me, `board:${kind}`, { ...says });
		return [
			{
				message,
				taken: () => {
					this.#tried.add(name);
					const { id } = message;
					const post: Posted = {
						id,
						author: who,
						week: this.#week(),
						plan,
						at: course.now(),
						says: id,
						agreed: false,
						raised: false,
						responses: [],
					};
					this.byId.set(id, post);
					this.#own.set(who.number, post);
				},
			},
		];
	}

	/** A need that nobody has answered for a day and a half offers more. */
	raises(who: Person): Saying[] {
		const own = this.own(who);
		if (!own || own.plan.kind === "offer" || own.raised || !this.isOpen(own) || own.responses.length > 0)
			return [];
		if (this.course.now() < own.at + 1.5 * DAY_MS) return [];
		const plan = raised(who, own.plan);
		const message = this.course.says(who.me, "board:revise", { kind: plan.kind, ...plan.says }, own.id);
		const taken = () => {
			Object.assign(own, { plan, says: message.id, raised: true });
			// Its own answers elsewhere were given with the old terms.
			for (const one of this.#given.get(who.number) ?? []) if (one.counter === own) one.stale = true;
		};
		return [{ message, taken }];
	}

	responds(who: Person, post: Posted): Saying {
		const counter = this.own(who)!;
		const message = this.course.says(
			who.me,
			"board:respond",
			{ message: WORDS[counter.plan.kind], counter_post: counter.id },
			post.says,
		);
		return {
			message,
			taken: () => {
				const answer: Answer = { id: message.id, post, counter, over: false, stale: false };
				post.responses.push(answer);
				const given = this.#given.get(who.number) ?? [];
				this.#given.set(who.number, [...given.filter((one) => this.isOpen(one.post)), answer]);
			},
		};
	}

	/** The author takes the first response that serves, if that is still free. */
	agrees(who: Person, deals: Deals): Saying[] {
		const own = this.own(who);
		if (!own || !this.isOpen(own)) return [];
		const answer = own.responses.find(
			({ over, stale, counter }) => !over && !stale && this.isOpen(counter) && this.#serve(own, counter),
		);
		if (!answer) return [];
		const message = this.course.says(who.me, "board:agree", {}, answer.id);
		return [
			{
				message,
				taken: () => {
					answer.over = true;
					own.agreed = true;
					answer.counter.agreed = true;
					deals.began(message.id, own, answer.counter);
				},
				refused: () => {
					answer.over = true;
				},
			},
		];
	}

	/** What a week came to, counted from here. */
	counted(week: string) {
		const all = [...this.byId.values()].filter((post) => post.week === week);
		const matched = all.filter(({ agreed }) => agreed);
		const met = matched.filter(({ plan }) => plan.kind === "need").length;
		const stranded = all.filter(({ agreed, plan }) => !agreed && plan.kind === "need").map(({ id }) => id);
		const needs = met + stranded.length;
		return {
			met,
			stranded,
			figures: {
				posted: all.length,
				matched: matched.length,
				stranded: stranded.length,
				fill_rate_bp: needs === 0 ? 10_000 : Math.floor((met * 10_000) / needs),
			},
		};
	}

	#serve(one: Posted, other: Posted): boolean {
		const [need, offer] = one.plan.kind === "need" ? [one, other] : [other, one];
		const { start } = boundsOf(this.#week());
		return serves(offer.plan, need.plan, Math.max(start, this.course.now()));
	}

	#week(): string {
		return weekAfter(this.course.first, this.course.week());
	}
}

const WORDS: Record<Kind, string> = {
	need: "That is what I need, as my own post says.",
	offer: "I have what you need, as my own post says.",
};
