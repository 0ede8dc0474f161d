import { describe, expect, test } from "vitest";
import { hasRole } from "./agents/owner";
import { ROLES, type Role } from "./agents/roles";
import * as when from "./authority/situations";
import { DAY, type Situation } from "./authority/situations";
import { type Agent, agent, type Saying, secretOf, theExchange } from "./log/given";
import { sign, signedBytes } from "./log/sign";
import { operations } from "./operations";

/**
 * Who may say what: every operation, at a moment at which it would be taken, said by everybody and judged by the machine that the
 * door asks. What may be asked over HTTP, e2e/authority.test.ts holds. An operation without a row here is one whose authority nobody
 * has written down.
 *
 * A row: who may say it; and where the rules say more than that, to whom and by which code, in the order in which they are asked.
 */
const ROWS: Record<string, Row> = {
	"agent:profile": ["any agent", () => when.alone("agent:profile", { name: "Ada" })],
	"agent:link": ["any agent", when.linking],
	"agent:rotate": ["any agent, and the exchange", when.rotating],
	"agent:rotate, of a lost key": [
		"any agent, and the exchange",
		when.recovering,
		{ "the recovery key": "logged", "whoever else": "not-yours" },
	],

	"board:offer": ["any agent", when.posting("offer")],
	"board:need": ["any agent", when.posting("need")],
	"board:revise": ["the author", when.posted((by, post, board) => board.revises(by, post))],
	"board:withdraw": ["the author", when.posted((by, post) => by.says("board:withdraw", {}, post))],
	"board:respond": [
		"any agent",
		when.posted((by, post) => when.responds(by, post)),
		{ "the author": "own-post", "the author's owner": "own-post" },
	],
	"board:flag": ["any agent", when.posted((by, post) => by.says("board:flag", { reason: "spam" }, post))],
	"board:retract": ["the responder", when.answered("board:retract")],
	"board:decline": ["the author", when.answered("board:decline")],
	"board:agree": ["the author", when.answered("board:agree")],
	"board:note": ["the author, the responder", when.agreed(when.notes)],
	"board:pay": ["the author, the responder", when.paying],
	"board:close": ["the author, the responder", when.agreed((by, agree) => when.closes(by, agree))],
	"board:no-show": [
		"the author, the responder",
		when.agreed((by, agree) => by.says("board:no-show", {}, agree), 3 * DAY),
	],
	"board:reveal": ["the closer, the other", when.closed(when.reveals)],
	"board:confirm": ["the other", when.closed(when.confirms), { "the closer": "own-close" }],
	"board:contest": ["the other", when.closed(when.contests), { "the closer": "own-close" }],
	"board:appeal": ["the author", when.appealing],
	"board:lapse": ["the exchange", when.said("board:lapse"), { "the exchange": "agreement-over" }],
	"board:digest": ["the exchange", when.said("board:digest"), { "the exchange": "already-digested" }],

	"operator:grant": [
		"the exchange or a house operator",
		when.ofSomebody("operator:grant", { role: "operator" }),
	],
	// Rulings are people's: the exchange makes house operators, and gives no other role.
	...Object.fromEntries(
		ROLES.filter((role) => role !== "operator").map((role): [string, Row] => [
			`operator:grant, of the role ${role}`,
			["a house operator", when.ofSomebody("operator:grant", { role })],
		]),
	),
	"operator:revoke": [
		"the exchange or a house operator",
		when.ofSomebody("operator:revoke", { role: "vouched" }, when.vouches),
	],
	"operator:suspend": ["a house operator or a moderator", when.ofSomebody("operator:suspend")],
	"operator:reinstate": [
		"a house operator or a moderator",
		when.ofSomebody("operator:reinstate", {}, when.suspends),
	],
	"operator:configure": [
		"a house operator",
		() => when.alone("operator:configure", { changes: { "board.lapse_days": 10 }, reason: "Shorter." }),
	],
	"operator:second": ["a house operator", when.seconding, { "the first": "own-act" }],
	"operator:claim": ["a house operator or a moderator", when.contested("operator:claim")],
	"operator:hide": ["a house operator or a moderator", when.posted(when.hides)],
	"operator:restore": ["a house operator or a moderator", when.hidden(when.restores)],
	"operator:verdict, on a contest": [
		"a house operator",
		when.contested("operator:verdict"),
		{
			"the closer": "own-case",
			"the closer's owner": "own-case",
			"the other": "own-case",
			"the other's owner": "own-case",
		},
	],
	"operator:verdict, on a flag": [
		"a house operator or a moderator",
		when.flagged,
		{
			"the author": "own-case",
			"the author's owner": "own-case",
			"the flagger": "own-case",
			"the flagger's owner": "own-case",
		},
	],
	"operator:verdict, on an appeal": [
		"a house operator",
		when.appealed,
		{ "the appellant": "own-case", "the appellant's owner": "own-case" },
	],

	"scrip:mint": [
		"the exchange or a house operator",
		() => when.alone("scrip:mint", { recipient: "treasury", amount: 5, reference: "the first" }),
	],
	"scrip:burn": ["a house operator", when.burning],

	"exchange:put": ["any agent", when.putting],
	"exchange:buy": ["any agent", when.buying],
	"exchange:settle/put-accept": [
		"the exchange or a house operator",
		when.put((by, put, market) =>
			by.says("exchange:settle/put-accept", market.acceptance(put, { price: 1, appraisal: 10 }), put),
		),
		// What it pays is not for it to say.
		{ "the exchange": "price-off" },
	],
	"exchange:settle/put-reject": [
		"the exchange or a house operator",
		when.put((by, put) =>
			when.settles(by, "put-reject", put, put, { reason: "Not for sale here.", code: "other" }),
		),
	],
	"exchange:settle/preview-request": ["the buyer", when.offered("preview-request", 600)],
	"exchange:settle/buyer-accept": ["the buyer", when.offered("buyer-accept")],
	"exchange:settle/buyer-reject": ["the buyer", when.offered("buyer-reject")],
	"exchange:settle/complete": ["the buyer", when.delivered("complete")],
	"exchange:settle/small-content-dispute": [
		"the buyer",
		when.delivered("small-content-dispute", { auto_refund: true }),
	],
	"exchange:settle/dispute": ["the buyer", when.delivered("dispute", { dispute_type: "quality_inadequate" })],
	"exchange:settle/evidence": ["the buyer, the seller", when.disputed("evidence")],
	"exchange:settle/verdict": [
		"a house operator",
		when.disputed("verdict"),
		{
			"the buyer": "party-to-dispute",
			"the buyer's owner": "party-to-dispute",
			"the seller": "party-to-dispute",
			"the seller's owner": "party-to-dispute",
		},
	],
	// Said once more, after the exchange has said it: of them, it alone gets so far as to be told so.
	"exchange:match": ["the exchange", when.matching, { "the exchange": "already-matched" }],
	"exchange:clear": ["the exchange", when.clearing, { "the exchange": "gate-not-shut" }],
	"exchange:settle/preview": [
		"the exchange",
		when.said("exchange:settle/preview"),
		{ "the exchange": "already-previewed" },
	],
	"exchange:settle/deliver": [
		"the exchange",
		when.said("exchange:settle/deliver"),
		{ "the exchange": "already-settled" },
	],
	"exchange:settle/refund": [
		"the exchange",
		when.said("exchange:settle/refund"),
		{ "the exchange": "already-settled" },
	],
	"exchange:settle/auto-complete": [
		"the exchange",
		when.said("exchange:settle/auto-complete"),
		{ "the exchange": "already-settled" },
	],
};

type Row = [sender: Sender, at: () => Situation, but?: Record<string, string>];
type Sender =
	| "any agent"
	| "any agent, and the exchange"
	| "a house operator"
	| "a house operator or a moderator"
	| "the exchange or a house operator"
	| "the exchange"
	// One or several of the situation's parties, also while they are suspended: they finish what they began.
	| `the ${string}`;

/** Somebody who speaks: who he is to what is spoken about, and what has become of him. */
interface Speaker {
	name: string;
	/** The party that it is, or whose owner's it is. */
	party?: string;
	isOwners?: boolean;
	/** A house operator before it became a party. */
	isOfTheHouse?: boolean;
	role?: Role;
	isExchange?: boolean;
	/** Since it had a part in it: suspended; changed its key, and speaks by the old one or by the new; lost its role. */
	is?: "suspended" | "replaced" | "renewed" | "revoked";
}

const OTHERS: Speaker[] = [
	{ name: "a stranger" },
	{ name: "a suspended agent", is: "suspended" },
	{ name: "an agent whose key was replaced", is: "replaced" },
	...ROLES.map((role): Speaker => ({ name: `an agent with the role ${role}`, role })),
	{ name: "a house operator of before", role: "operator", is: "revoked" },
	{ name: "the exchange", isExchange: true },
	{ name: "the exchange, by the key that it replaced", isExchange: true, is: "replaced" },
];
const ofParty = (party: string): Speaker[] => [
	{ name: `the ${party}`, party },
	{ name: `the ${party}, suspended`, party, is: "suspended" },
	{ name: `the ${party}, by the key that it replaced`, party, is: "replaced" },
	{ name: `the ${party}, by its new key`, party, is: "renewed" },
	...ROLES.map((role): Speaker => ({ name: `the ${party}, with the role ${role}`, party, role })),
	{ name: `another agent of the ${party}'s owner`, party, isOwners: true },
	...ROLES.map(
		(role): Speaker => ({
			name: `another agent of the ${party}'s owner, with the role ${role}`,
			party,
			isOwners: true,
			role,
		}),
	),
];

/** The cell: `logged`, or the code by which it is refused. */
function cellOf(sender: Sender, but: Record<string, string>, speaker: Speaker): string {
	const { name, party, isOwners, isOfTheHouse, isExchange = false, is } = speaker;
	const role = isOfTheHouse ? "operator" : is === "revoked" ? undefined : speaker.role;
	if (is === "replaced") return "key-rotated";
	const cell = bySender();
	// Who may not say it at all is told so first.
	if (cell !== "logged" && cell !== "not-yours") return cell;
	const who = party === undefined ? name : `the ${party}${isOwners ? "'s owner" : ""}`;
	return but[who] ?? but["whoever else"] ?? cell;

	function bySender(): string {
		const may = (whether: boolean) => (whether ? "logged" : "sender-not-allowed");
		switch (sender) {
			case "any agent":
				return is === "suspended" ? "suspended" : may(!isExchange);
			case "any agent, and the exchange":
				return is === "suspended" ? "suspended" : "logged";
			case "a house operator":
				return may(role === "operator");
			case "a house operator or a moderator":
				return may(role === "operator" || role === "moderator");
			case "the exchange or a house operator":
				return may(isExchange || role === "operator");
			case "the exchange":
				return may(isExchange);
		}
		if (isExchange) return "sender-not-allowed";
		return !isOwners && sender.split(", ").includes(`the ${party}`) ? "logged" : "not-yours";
	}
}

/** What the machine says to this speaker's words; afterwards the state is what it was. */
function judged({ story, parties, says, first }: Situation, speaker: Speaker): string {
	const { machine, state } = story;
	const mark = state.mark();
	let seq = story.log.length;
	const take = (saying: Saying) => {
		const clock = { receivedAt: story.now + 1, nextSeq: ++seq };
		return machine.take(state, story.candidate(saying), clock, undefined);
	};
	const given = (saying: Saying) => {
		const outcome = take(saying);
		if (outcome.kind === "refused") throw new Error(`${saying.operation}: ${outcome.refusal.detail}`);
	};
	try {
		const by = become(speaker);
		if (first && by !== theExchange) given(first(by));
		const outcome = take(says(by, speaker.isOwners ? undefined : speaker.party));
		return outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
	} finally {
		state.undo(mark);
	}

	function become({ name, party, isOwners, isExchange, role, is }: Speaker): Agent {
		let one = party === undefined || isOwners ? agent(name) : parties[party]!;
		if (isExchange) one = theExchange;
		if (isOwners) joined(parties[party!]!, one);
		const roleIs = { subject: one.key, role: role ?? "vouched", reason: "For this." };
		if (role && !hasRole(state, one.key, role)) given(when.operator.says("operator:grant", roleIs));
		if (is === "revoked") given(when.operator.says("operator:revoke", roleIs));
		if (is === "suspended")
			given(when.operator.says("operator:suspend", { subject: one.key, reason: "So." }));
		if (is === "replaced" || is === "renewed") {
			const next = agent(`${name}, anew`);
			const proof = sign(next.secret, signedBytes("rotate", theExchange.key, one.key, next.key));
			given(one.says("agent:rotate", { new_key: next.key, proof }));
			if (is === "renewed") one = next;
		}
		return one;
	}

	function joined(party: Agent, other: Agent): void {
		const bytes = signedBytes("operator", theExchange.key, "one-owner", other.key);
		given(party.says("agent:profile", { operator_id: "one-owner" }));
		const proof = { operator_id: "one-owner", operator_proof: sign(secretOf(party.key), bytes) };
		given(other.says("agent:profile", proof));
	}
}

describe("who may say", () => {
	test("is written down for every operation, and for nothing else", () => {
		const written = Object.keys(ROWS).map((row) => row.replace(/, .*/, ""));
		expect([...new Set(written)].sort()).toEqual(operations.operations.map(({ name }) => name).sort());
	});

	for (const [row, [sender, at, but = {}]] of Object.entries(ROWS))
		test(`${row}: ${sender}`, () => {
			const situation = at();
			const { story, parties } = situation;
			const speakers = [...OTHERS, ...Object.entries(parties).flatMap(everyForm)];
			const cells = (cell: (speaker: Speaker) => string) =>
				Object.fromEntries(speakers.map((speaker) => [speaker.name, cell(speaker)]));
			expect(cells((speaker) => judged(situation, speaker))).toEqual(
				cells((speaker) => cellOf(sender, but, speaker)),
			);
			expect(story.machine.bugs).toEqual([]);

			function everyForm([party, { key }]: [string, Agent]): Speaker[] {
				if (!hasRole(story.state, key, "operator")) return ofParty(party);
				// Who is of the house is not suspended.
				return ofParty(party)
					.filter(({ is }) => is !== "suspended")
					.map((one) => ({ ...one, isOfTheHouse: !one.isOwners }));
			}
		});
});
