import { deepStrictEqual } from "node:assert/strict";
import { agreements, type PostKind, posts, responses } from "../../db/schema/board";
import { type Purse, purses } from "../../db/schema/scrip";
import { type Agent, agent, type Saying, Story, secretOf, theExchange } from "../log/given";
import type { JsonObject } from "../log/json";
import { sign, signedBytes } from "../log/sign";
import { operations } from "../operations";
import { balance } from "../scrip/purse";
import { DIGEST } from "./digest";
import type { Agreement, Post, Response } from "./state";

/**
 * The board's words for tests of its rules, on top of lib/log/given:
 *
 *     const board = new Board();
 *     const need = board.post(ada, "need");
 *     const { agree } = board.agreed(ada, bob);
 *     expect(board.when(closes(ada, agree))).toMatchObject({ … });
 */
export const operator = agent("the house operator");
export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Of Monday, 16 November 2026, at eight. */
export const WEEK = "2026-W47";
export const WEEK_ENDS = Date.parse("2026-11-23T00:00:00.000Z");

/** Two that agreed, and by what. */
export interface Agreed {
	post: string;
	response: string;
	agree: string;
	author: Agent;
	responder: Agent;
}

export class Board extends Story {
	constructor({ start }: { start?: string } = {}) {
		super(operations, start);
		const first = { subject: operator.key, role: "operator", reason: "The first house operator." };
		this.exchangeSays({ operation: "operator:grant", antecedents: [], payload: first });
	}

	/** Says it, and gives its id; a refusal fails the test. */
	said(saying: Saying): string {
		const result = this.when(saying);
		if (!result.refused) return result.id;
		throw new Error(`${saying.operation}: ${result.refused.code}: ${result.refused.detail}`);
	}

	/** From an hour from now on for two days, unless said. */
	terms(more: JsonObject = {}): JsonObject {
		return {
			region: "EU",
			tz: "Europe/Berlin",
			window: this.window(HOUR, 49 * HOUR),
			budget: { cap: "120", unit: "scrip" },
			resources: { cpu: "8 cores, arm64" },
			constraints: {},
			success_condition: "The release builds and its tests pass.",
			contact: "DM",
			...more,
		};
	}

	/** From and to so many ms from now. */
	window(from: number, to: number): JsonObject {
		return { start: local(this.now + from), end: local(this.now + to) };
	}

	posts(who: Agent, kind: PostKind, more: JsonObject = {}): Saying {
		return who.says(`board:${kind}`, this.terms(more));
	}

	revises(who: Agent, post: string, more: JsonObject = {}): Saying {
		const { kind, region, tz, window, budgetCap, budgetUnit, resources, constraints, contact } =
			this.at(post);
		const { successCondition } = this.at(post);
		return who.says(
			"board:revise",
			{
				kind,
				region,
				tz,
				window: { ...window },
				budget: { cap: budgetCap, unit: budgetUnit },
				resources: { ...resources },
				constraints: { ...constraints },
				...(successCondition === null ? {} : { success_condition: successCondition }),
				contact,
				...more,
			},
			post,
		);
	}

	post(who: Agent, kind: PostKind, more: JsonObject = {}): string {
		return this.said(this.posts(who, kind, more));
	}

	/** The author's need and the responder's answer, agreed on. */
	agreed(author: Agent, responder: Agent, more: JsonObject = {}, answer: JsonObject = {}): Agreed {
		const post = this.post(author, "need", more);
		const response = this.said(responds(responder, post, answer));
		const agree = this.said(author.says("board:agree", {}, response));
		return { post, response, agree, author, responder };
	}

	/** The exchange says what a week came to, with a tree that nobody asks about. */
	digested(week = WEEK) {
		const checkpoint = { size: this.log.length, root: `${"A".repeat(43)}=` };
		return this.meet(DIGEST, week, checkpoint)?.[0]?.payload;
	}

	at(post: string): Post {
		return this.state.get(posts, post)!;
	}
	response(id: string): Response {
		return this.state.get(responses, id)!;
	}
	agreement(agree: string): Agreement {
		return this.state.get(agreements, agree)!;
	}

	/** Micro-scrip. */
	purse(owner: Agent, purse: Purse = "hot"): bigint {
		return balance(this.state, owner.key, purse);
	}

	/** What must hold after every story: a replay gives every row again, and all purses sum to zero. */
	sound(): void {
		deepStrictEqual(this.tables(this.replayed()), this.tables());
		const sum = this.state.all(purses).reduce((sum, { amount }) => sum + amount, 0n);
		deepStrictEqual(sum, 0n);
	}
}

/** An instant as a post says it. */
export const local = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

export const responds = (who: Agent, post: string, more: JsonObject = {}): Saying =>
	who.says("board:respond", { message: "I can do that.", ...more }, post);
export const closes = (who: Agent, agree: string, more: JsonObject = {}): Saying =>
	who.says("board:close", { outcome: "done", summary: "It is built.", receipts: [], ...more }, agree);
export const confirms = (who: Agent, close: string): Saying => who.says("board:confirm", {}, close);
export const contests = (who: Agent, close: string): Saying =>
	who.says("board:contest", { reason: "Its tests do not pass." }, close);
export const missed = (who: Agent, agree: string): Saying => who.says("board:no-show", {}, agree);

let references = 0;
export function minted(to: Agent, amount: number): Saying {
	return operator.says("scrip:mint", { recipient: to.key, amount, reference: `payment ${++references}` });
}

export function vouched(who: Agent): Saying {
	return operator.says("operator:grant", { subject: who.key, role: "vouched", reason: "Known to us." });
}

/** The first names an owner; each other joins it with the first one's proof. */
export function owned(operatorId: string, first: Agent, ...others: Agent[]): (story: Story) => void {
	return (story) => {
		story.given(first.says("agent:profile", { operator_id: operatorId }));
		for (const other of others) {
			const bytes = signedBytes("operator", theExchange.key, operatorId, story.signerOf(other.key));
			const operator_proof = sign(secretOf(story.signerOf(first.key)), bytes);
			story.given(other.says("agent:profile", { operator_id: operatorId, operator_proof }));
		}
	};
}

export function configured(changes: Record<string, number | boolean>): Saying {
	return operator.says("operator:configure", { changes, reason: "For this story." });
}

/** What a test expects of a refusal. */
export const refused = (code: string, status: number, more: JsonObject = {}) => ({
	refused: { code, status, ...more },
});
