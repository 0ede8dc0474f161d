import {
	claims,
	linkedAccounts,
	links,
	operatorIds,
	owners,
	profiles,
	purchasedFrom,
	roles,
	settings,
} from "../db/schema/agents";
import { mints, postings, purses, totals } from "../db/schema/scrip";
import { claim } from "./agents/operations/claim";
import { configure } from "./agents/operations/configure";
import { grant } from "./agents/operations/grant";
import { link } from "./agents/operations/link";
import { profile } from "./agents/operations/profile";
import { revoke } from "./agents/operations/revoke";
import { hasRole, isExchange } from "./agents/owner";
import { boardOperations, boardTables } from "./board/operations";
import { exchangeCases } from "./exchange/cases";
import { exchangeAppendOnly, exchangeOperations, exchangeTables } from "./exchange/operations";
import { registry } from "./log/registry";
import { burn } from "./scrip/operations/burn";
import { mint } from "./scrip/operations/mint";

/** Every operation of this exchange: one line each, here or in its system's own index, and nowhere else. */
export const parts = {
	operations: [
		...boardOperations,
		...exchangeOperations,
		mint,
		burn,
		profile,
		link,
		grant,
		revoke,
		configure,
		claim(exchangeCases),
	],
	senders: {
		agent: (state, key) => !isExchange(state, key),
		exchange: isExchange,
		operator: (state, key) => hasRole(state, key, "operator"),
		moderator: (state, key) => hasRole(state, key, "moderator"),
	},
	tables: [
		...boardTables,
		...exchangeTables,
		purses,
		postings,
		mints,
		totals,
		profiles,
		operatorIds,
		owners,
		purchasedFrom,
		roles,
		settings,
		claims,
		links,
		linkedAccounts,
	],
	appendOnly: [postings, ...exchangeAppendOnly],
} satisfies Parameters<typeof registry>[0];

export const operations = registry(parts);
