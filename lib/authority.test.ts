import { describe, expect, test } from "vitest";
import { roles, suspensions } from "../db/schema/agents";
import { messages } from "../db/schema/log";
import { agent, theExchange } from "./log/given";
import { Machine } from "./log/machine";
import { type Row, State } from "./log/state";
import { operations } from "./operations";

/** OPERATIONS, who sends what. An operation without a line here is one whose authority nobody has written down. */
const SENDERS: Record<Sender, string> = {
	"any agent": `
		agent:profile agent:link
		board:offer board:need board:respond board:flag
		exchange:put exchange:buy`,
	// Which party it must be, each operation asks of the state; the suspended finish what they began.
	"a party": `
		board:revise board:withdraw board:retract board:decline board:agree board:note board:pay board:close board:reveal
		board:confirm board:contest board:no-show board:appeal
		exchange:settle/preview-request exchange:settle/buyer-accept exchange:settle/buyer-reject exchange:settle/complete
		exchange:settle/small-content-dispute exchange:settle/dispute exchange:settle/evidence`,
	"a house operator": "operator:configure operator:second exchange:settle/verdict scrip:burn",
	"a house operator or a moderator":
		"operator:claim operator:verdict operator:hide operator:restore operator:suspend operator:reinstate",
	"any agent, and the exchange": "agent:rotate",
	"the exchange or a house operator": `
		operator:grant operator:revoke scrip:mint exchange:settle/put-accept exchange:settle/put-reject`,
	"the exchange": `
		board:digest board:lapse
		exchange:match exchange:clear
		exchange:settle/preview exchange:settle/deliver exchange:settle/refund exchange:settle/auto-complete`,
};
type Sender =
	| "any agent"
	| "any agent, and the exchange"
	| "a party"
	| "a house operator"
	| "a house operator or a moderator"
	| "the exchange or a house operator"
	| "the exchange";

const NOW = Date.parse("2026-11-18T12:00:00Z");
const who = {
	"an agent": agent("somebody").key,
	"a suspended agent": agent("suspended").key,
	"a house operator": agent("operator").key,
	"a moderator": agent("moderator").key,
	"an auditor": agent("auditor").key,
	"the exchange": theExchange.key,
};
type Who = keyof typeof who;

const MAY: Record<Sender, Who[]> = {
	"any agent": ["an agent", "a house operator", "a moderator", "an auditor"],
	"any agent, and the exchange": [
		"an agent",
		"a house operator",
		"a moderator",
		"an auditor",
		"the exchange",
	],
	"a party": ["an agent", "a suspended agent", "a house operator", "a moderator", "an auditor"],
	"a house operator": ["a house operator"],
	"a house operator or a moderator": ["a house operator", "a moderator"],
	"the exchange or a house operator": ["the exchange", "a house operator"],
	"the exchange": ["the exchange"],
};

const machine = new Machine(operations, theExchange.key);
const A_MESSAGE = "f".repeat(64);

/** What a message answers and says, where who may send it depends on that. */
interface Case {
	on?: string;
	payload?: Record<string, unknown>;
}
const CASES: Record<string, Case> = {
	"operator:verdict": { on: "board:flag" },
	"board:note": { payload: { to: "a".repeat(64), sealed: [] } },
	"exchange:match": { payload: { results: [] } },
	"operator:grant": { payload: { role: "operator", subject: "a".repeat(64) } },
};

/** What the state alone says of a message of this operation by this key: the refusal's code, or that its sender may send it. */
function judged(name: string, sender: string, { on, payload = {} }: Case = CASES[name] ?? {}): string {
	const operation = operations.get(name)!;
	const state = new State(operations.shapes, theExchange.key, true);
	for (const role of ["operator", "moderator", "auditor"] as const)
		state.put(roles, { subject: agent(role).key, role, messageId: A_MESSAGE });
	state.put(suspensions, { key: who["a suspended agent"], until: NOW + 1, messageId: A_MESSAGE });
	const antecedents = (on ? [on] : operation.antecedents[0]!).map((answered, i) => {
		const id = `${i}`.repeat(64);
		const said = answered === "*" ? "board:need" : answered;
		const header = {
			id,
			seq: i + 1,
			operation: said,
			sender: agent("other").key,
			receivedAt: NOW,
			antecedent: null,
		};
		state.put(messages, header as Row<typeof messages>);
		return id;
	});
	try {
		const outcome = machine.take(
			state,
			{
				...{ id: "e".repeat(64), operation, sender, antecedents, tags: [operation.tag], payload },
				...{ timestamp: new Date(NOW).toISOString(), bytes: new Uint8Array(), owed: [] },
			},
			{ receivedAt: NOW, nextSeq: 9 },
			undefined,
		);
		return outcome.kind === "refused" ? outcome.refusal.code : "taken";
	} catch {
		// An empty payload is nothing that a rule is ever asked about: its schema was judged before. Its sender was good.
		return "taken";
	}
}

describe("who may send", () => {
	const written = Object.entries(SENDERS).flatMap(([sender, names]) =>
		names.split(/\s+/).flatMap((name) => (name ? [{ name, sender: sender as Sender }] : [])),
	);

	test("is written down for every operation, and for nothing else", () => {
		expect(written.map(({ name }) => name).sort()).toEqual(
			operations.operations.map(({ name }) => name).sort(),
		);
	});

	for (const { name, sender } of written)
		test(`${name}: ${sender}`, () => {
			const may = Object.entries(who).map(([role, key]) => {
				const code = judged(name, key);
				return [role, code !== "sender-not-allowed" && code !== "suspended"];
			});
			expect(Object.fromEntries(may)).toEqual(
				Object.fromEntries(Object.keys(who).map((role) => [role, MAY[sender].includes(role as Who)])),
			);
		});

	test("moderators rule on flags, not on contests", () => {
		const on = "board:contest";
		expect(judged("operator:verdict", who["a moderator"], { on })).toBe("sender-not-allowed");
	});

	test("the exchange makes house operators and gives no other role: rulings are people's", () => {
		for (const role of ["moderator", "auditor", "vouched"])
			expect(judged("operator:grant", who["the exchange"], { payload: { role } })).toBe("sender-not-allowed");
	});

	test("a suspended agent is told by which word, and that it may finish what it began", () => {
		expect(judged("board:need", who["a suspended agent"])).toBe("suspended");
		expect(judged("board:close", who["a suspended agent"])).not.toBe("suspended");
	});
});
