import {
	approvals,
	claims,
	hides,
	linkedAccounts,
	links,
	operatorIds,
	owners,
	profiles,
	purchasedFrom,
	recoveries,
	roles,
	settings,
	suspensions,
} from "../db/schema/agents";
import { mints, postings, purses, totals } from "../db/schema/scrip";
import { suspendedBy } from "./agents/moderation";
import { claim } from "./agents/operations/claim";
import { configure } from "./agents/operations/configure";
import { grant } from "./agents/operations/grant";
import { hide } from "./agents/operations/hide";
import { link } from "./agents/operations/link";
import { profile } from "./agents/operations/profile";
import { reinstate } from "./agents/operations/reinstate";
import { restore } from "./agents/operations/restore";
import { revoke } from "./agents/operations/revoke";
import { rotate } from "./agents/operations/rotate";
import { second } from "./agents/operations/second";
import { suspend } from "./agents/operations/suspend";
import { verdict } from "./agents/operations/verdict";
import { hasRole, isExchange } from "./agents/owner";
import { suspended } from "./agents/refusals";
import { twoHanded } from "./agents/second";
import { boardCases } from "./board/cases";
import { boardKept, boardOperations, boardTables } from "./board/operations";
import { boardRulings } from "./board/rulings";
import { exchangeCases } from "./exchange/cases";
import { exchangeAppendOnly, exchangeKept, exchangeOperations, exchangeTables } from "./exchange/operations";
import { registry } from "./log/registry";
import { burn } from "./scrip/operations/burn";
import { mint } from "./scrip/operations/mint";

/** Every operation of this exchange: one line each, here or in its system's own index, and nowhere else. */
const acts = [
	...boardOperations,
	...exchangeOperations,
	mint,
	burn,
	profile,
	rotate,
	link,
	grant,
	revoke,
	configure,
	claim({ ...boardCases, ...exchangeCases }),
	verdict(boardRulings),
	hide,
	restore,
	suspend,
	reinstate,
];

export const parts = {
	operations: [...acts.map(twoHanded), second(acts.filter(({ weighs }) => weighs))],
	senders: {
		/** Begins something. */
		agent(state, key, at) {
			const by = suspendedBy(state, key, at);
			return by ? suspended({ see: by }) : !isExchange(state, key);
		},
		/** Goes on with what it is a party to, also while suspended; which party it must be, each operation asks. */
		party: (state, key) => !isExchange(state, key),
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
		hides,
		suspensions,
		recoveries,
		approvals,
	],
	appendOnly: [postings, ...exchangeAppendOnly],
	kept: [...boardKept, ...exchangeKept, roles, settings, hides, suspensions],
} satisfies Parameters<typeof registry>[0];

export const operations = registry(parts);
