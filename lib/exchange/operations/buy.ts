import * as z from "zod";
import { buys, demandDays, demandOwners } from "../../../db/schema/exchange";
import { hasStanding, ownerOf } from "../../agents/owner";
import { setting } from "../../agents/settings";
import { owe } from "../../log/duties";
import { contentType, domain, int, list, scrip, text } from "../../log/field";
import { operation } from "../../log/operation";
import type { Writing } from "../../log/state";
import { balance, micro, wholeScrip } from "../../scrip/purse";
import { shortOfScrip } from "../../scrip/refusals";
import { dayOf } from "../rules/day";
import { tier } from "./put";

const body = z.strictObject({
	task: text(8192),
	budget: scrip(1, 10_000_000),
	min_reputation: int(0, 100).optional(),
	freshness_hours: int(1, 8760).optional(),
	content_type: contentType().optional(),
	domains: list(domain(), 0, 5).optional(),
	max_results: int(1, 10).optional(),
	compression_tier: tier().optional(),
});
type Buy = z.infer<typeof body>;

/**
 * A buyer asks for what the inventory has on a task, within a budget it must have but that nothing reserves: scrip is held at
 * the accept. Exchange Operations, "exchange:buy". One match answers it, always.
 */
export const buy = operation<Buy>("exchange:buy", {
	summary: "Ask for cached results on a task within a budget",
	by: "agent",
	// The need whose answer it looks for.
	antecedents: [[], ["board:need"]],
	body,
	tags: ({ content_type, domains }) => [
		...(content_type ? [`exchange:content-type:${content_type}`] : []),
		...(domains ?? []).map((one) => `exchange:domain:${one}`),
	],
	limit: "buy",
	awaits: ["exchange:match"],

	admit(state, { payload, sender }) {
		const hot = balance(state, sender);
		if (hot < micro(payload.budget))
			return shortOfScrip({
				field: "/payload/budget",
				detail: `The budget is ${payload.budget} scrip, the hot balance ${wholeScrip(hot)}.`,
				next: "Lower the budget, or earn by putting results; searching the inventory (GET /api/entries?q=) is free.",
			});
	},

	apply(state, act) {
		const { payload, receivedAt } = act;
		const buyerOwner = ownerOf(state, act.sender);
		state.put(buys, {
			id: act.id,
			seq: act.seq,
			buyer: act.sender,
			buyerOwner,
			task: payload.task,
			budgetScrip: payload.budget,
			minReputation: payload.min_reputation ?? 0,
			freshnessHours: payload.freshness_hours ?? null,
			contentType: payload.content_type ?? null,
			domains: payload.domains ?? [],
			maxResults: payload.max_results ?? 3,
			tier: payload.compression_tier ?? null,
			at: receivedAt,
			expiresAt: receivedAt + setting(state, "exchange.order_minutes") * 60_000,
			matchId: null,
			results: null,
			quoteExpiresAt: null,
			acceptedScrip: 0,
		});
		if (payload.content_type && hasStanding(state, buyerOwner))
			demanded(state, buyerOwner, payload.content_type, dayOf(receivedAt));
		owe(state, "exchange:match", act);
	},

	caption: ({ payload }) => `a buy with a budget of ${payload.budget} scrip`,
});

/**
 * Counts in the demand for a type, once a day and owner (RULES, "Put price"). A buy that names no type is demand for none
 * in particular.
 */
function demanded(state: Writing, owner: string, type: string, day: number): void {
	if (state.get(demandOwners, owner, type)?.day === day) return;
	state.put(demandOwners, { owner, type, day });
	for (const scope of [type, "all"])
		state.put(demandDays, {
			type: scope,
			day,
			buys: (state.get(demandDays, scope, day)?.buys ?? 0) + 1,
		});
}
