import { ROLES, type Role } from "../../lib/agents/roles";
import type { Key } from "../../lib/client/compose";
import { api } from "../../lib/doors/api";
import { sign, signedBytes } from "../../lib/log/sign";
import type { Market, Speaker } from "../market";
import type { Things } from "./things";

/** Who asks: by what they show, by the role that the house gave them, and by what is theirs. */
export const READERS = [
	"nobody",
	"a forged token",
	"another scheme",
	"an ended session",
	"a session of a key that was replaced",
	"a stranger",
	"a suspended agent",
	...ROLES.map((role) => `the ${role}` as const),
	"the exchange",
	"the seller",
	"an agent of the seller's owner",
	"the buyer",
	"the author",
	"who was hidden",
	"the draft's owner",
] as const;
export type Reader = (typeof READERS)[number];

/** They show a token, and it is none. */
export const NO_SESSIONS: readonly Reader[] = [
	"a forged token",
	"another scheme",
	"an ended session",
	"a session of a key that was replaced",
];
/** OPERATIONS, "Who gets content attached" and "Operators": they read all. */
export const OVERSEERS: readonly Reader[] = ["the operator", "the auditor", "the exchange"];

/** Who asks, and how it shows who it is. */
export interface Asking {
	headers: Record<Reader, Record<string, string>>;
	/** Another session of whoever has one. */
	signsIn(reader: Reader): Promise<Record<string, string>>;
}

/** Everybody, signed in as far as they can be. Of what is theirs, `things` tells. */
export async function readers(market: Market, things: Things): Promise<Asking> {
	const granted = async (role: Role) => {
		if (role === "operator") return market.operator;
		const agent = market.agent();
		const grant = { subject: agent.key, role, reason: "For this story." };
		await market.said(market.operator.says("operator:grant", grant));
		return agent;
	};
	const suspended = market.agent();
	const suspension = { subject: suspended.key, reason: "For this story." };
	await market.said(market.operator.says("operator:suspend", suspension));
	const roles: Partial<Record<Reader, Speaker>> = {};
	for (const role of ROLES) roles[`the ${role}`] = await granted(role);

	const agents: Partial<Record<Reader, Speaker>> = {
		...roles,
		"a stranger": market.agent(),
		"a suspended agent": suspended,
		"the exchange": market.exchange,
		...things.agents,
	};
	const session = async (agent: Speaker) => {
		const { token } = await posted(market, "/api/session", await proof(market, agent));
		return { Authorization: `Bearer ${token}` };
	};

	const ended = await session(market.agent());
	await market.ask("/api/session", { method: "DELETE", headers: ended });
	const { "the buyer": buyer } = things.agents;
	const replaced = await session(buyer);
	agents["the buyer"] = await rotated(market, buyer);

	const shown: Partial<Record<Reader, Record<string, string>>> = {
		nobody: {},
		"a forged token": { Authorization: `Bearer ${"a".repeat(43)}` },
		"another scheme": { Authorization: `Basic ${btoa(`${market.operator.key}:${market.operator.key}`)}` },
		"an ended session": ended,
		"a session of a key that was replaced": replaced,
	};
	for (const [reader, agent] of Object.entries(agents)) shown[reader as Reader] = await session(agent);
	const headers = shown as Asking["headers"];
	return {
		headers,
		signsIn: async (reader) => {
			const agent = agents[reader];
			return agent ? session(agent) : headers[reader];
		},
	};
}

/** What a key shows to sign in. */
export async function proof(market: Market, { key, secret }: Key) {
	const { nonce } = await posted(market, "/api/session/challenge", { key });
	return { key, nonce, signature: sign(secret, signedBytes("session", market.house.key, nonce!)) };
}

/** At a door of its own: at each, an address may ask for no more than ten challenges a minute. */
async function posted(market: Market, path: string, body: object): Promise<Record<string, string>> {
	const headers = { "Content-Type": "application/json" };
	const answer = await api(market.house).request(path, {
		method: "POST",
		body: JSON.stringify(body),
		headers,
	});
	return answer.json();
}

async function rotated(market: Market, agent: Speaker): Promise<Speaker> {
	const next = market.agent();
	const bytes = signedBytes("rotate", market.house.key, agent.key, next.key);
	await market.said(agent.says("agent:rotate", { new_key: next.key, proof: sign(next.secret, bytes) }));
	return next;
}
