import { createHash, randomBytes } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod";
import { hex, key } from "../log/field";
import { keyRotated } from "../log/machine";
import { type Refusal, refusal } from "../log/refusal";
import { signedBytes, verifyFast } from "../log/sign";
import { ALWAYS, type Asked, type Env, json } from "./answer";
import { readJson } from "./body";
import type { Hosted } from "./hosted";
import { CHALLENGES } from "./limits";
import { isRefusal, noSession, problem, sessionNeeded } from "./problem";
import { rate } from "./rates";
import { addressOf } from "./visitor";

const NONCE_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;

const CHALLENGE = z.strictObject({ key: key() });
const PROOF = z.strictObject({ key: key(), nonce: hex(64), signature: hex(128) });
const CLAIM = z.strictObject({ token: z.string().min(1).max(200) });

const wrongSession = refusal(
	"wrong-session",
	401,
	"The nonce is not open for this key, or the signature does not cover it.",
	"Ask POST /api/session/challenge for a nonce (5 minutes, once) and sign the session bytes with it.",
);
const claimUsed = refusal(
	"claim-used",
	409,
	"This link has been used, or never was one.",
	"A house operator grants roles; the start command prints a link only while there is none.",
);

/** A key proves itself by signing a nonce and gets a bearer token: what decides which content it is shown, and nothing else. */
export function sessions(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();
	const challenged = rate("challenge", CHALLENGES.count, CHALLENGES.windowMs);
	let sweptAt = 0;

	app.post("/api/session/challenge", async (c) => {
		// Counted whatever it holds, and told in the order of all doors: what is malformed first.
		const { refused, headers } = await challenged(addressOf(c, house.proxies));
		const asked = await readJson(c, CHALLENGE);
		if (isRefusal(asked)) return problem(asked, headers);
		if (refused) return problem(refused, headers);
		const now = house.now();
		const nonce = randomBytes(32).toString("hex");
		const expiresAt = now + NONCE_MS;
		await house.sql`insert into nonces (nonce, key, expires_at) values (${nonce}, ${asked.key}, ${expiresAt})`;
		if (now - sweptAt > NONCE_MS) {
			sweptAt = now;
			await house.sql`delete from nonces where expires_at <= ${now}`;
			await house.sql`delete from sessions where expires_at <= ${now}`;
		}
		return json({ nonce, expires_at: new Date(expiresAt).toISOString() }, { headers });
	});

	app.post("/api/session", async (c) => {
		const asked = await readJson(c, PROOF);
		if (isRefusal(asked)) return problem(asked);
		const opened = await openSession(house, asked, c.req.header("User-Agent"));
		if (isRefusal(opened)) return problem(opened);
		const { token, expiresAt, agent } = opened;
		return json({ token, expires_at: new Date(expiresAt).toISOString(), agent }, { status: 201 });
	});

	app.delete("/api/session", async (c) => {
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		await house.sql`delete from sessions where token_hash = ${hashed(bearer(c)!)}`;
		return new Response(null, { status: 204, headers: ALWAYS });
	});

	app.post("/api/operator/claim", async (c) => {
		const asked = await readJson(c, CLAIM);
		if (isRefusal(asked)) return problem(asked);
		const who = await signedIn(house, c);
		if (isRefusal(who)) return problem(who);
		if (!(await house.operatorClaim.take(asked.token, who.key))) return problem(claimUsed());
		return json({ agent: who.key, role: "operator" }, { status: 201 });
	});

	return app;
}

/** What a key shows to sign in: a nonce that is open for it, and its signature over that. */
export interface Proof {
	key: string;
	nonce: string;
	signature: string;
}

/**
 * A session for who signed the nonce; refused for a wrong signature, a nonce that is not open, and a key that another has
 * replaced. `by`: what the client calls itself, so that its agent can tell its sessions apart.
 */
export async function openSession(
	{ sql, key: exchangeKey, now }: Pick<Hosted, "sql" | "key" | "now">,
	{ key, nonce, signature }: Proof,
	by = "",
): Promise<{ token: string; expiresAt: number; agent: string } | Refusal> {
	const at = now();
	// Spent by the first attempt, right or wrong, in one statement: of two racing ones only one finds it.
	const [open] = await sql`delete from nonces where nonce = ${nonce} and key = ${key} returning expires_at`;
	if (!open || at >= Number(open.expires_at)) return wrongSession();
	if (!verifyFast(key, signedBytes("session", exchangeKey, nonce), signature)) return wrongSession();
	const [known] = await sql`select agent, until_id from views.agent_keys where key = ${key}`;
	if (known?.until_id) return keyRotated({ field: "/key", see: known.until_id });
	const token = randomBytes(32).toString("base64url");
	const expiresAt = at + SESSION_MS;
	await sql`insert into sessions (token_hash, key, made_at, made_by, expires_at)
		values (${hashed(token)}, ${key}, ${at}, ${by.slice(0, 200)}, ${expiresAt})`;
	return { token, expiresAt, agent: known?.agent ?? key };
}

/** Whose session this token is, and the key that opened it; undefined once it has ended, or another key has replaced that one. */
export async function whoseSession(
	{ sql, now }: Pick<Hosted, "sql" | "now">,
	token: string,
): Promise<{ agent: string; key: string } | undefined> {
	const [session] = await sql`
		select s.key, coalesce(k.agent, s.key) as agent from sessions s left join views.agent_keys k on k.key = s.key
		where s.token_hash = ${hashed(token)} and s.expires_at > ${now()} and k.until_id is null`;
	return session && { agent: session.agent, key: session.key };
}

export interface SessionView {
	/** Names it without giving it: the hash of its token. */
	id: string;
	madeAt: number;
	madeBy: string;
	expiresAt: number;
	/** The one that asks. */
	own: boolean;
}

/** All sessions of a key, newest first. */
export async function sessionsOf(
	{ sql, now }: Pick<Hosted, "sql" | "now">,
	key: string,
	token: string,
): Promise<SessionView[]> {
	const rows =
		await sql`select * from sessions where key = ${key} and expires_at > ${now()} order by made_at desc`;
	return rows.map((row) => ({
		id: row.token_hash,
		madeAt: Number(row.made_at),
		madeBy: row.made_by,
		expiresAt: Number(row.expires_at),
		own: row.token_hash === hashed(token),
	}));
}

/** Ends one session of a key by its id, or all of them. */
export async function endSessions({ sql }: Pick<Hosted, "sql">, key: string, id?: string): Promise<void> {
	await sql`delete from sessions where key = ${key} ${id === undefined ? sql`` : sql`and token_hash = ${id}`}`;
}

/** Which agent's session asks: nobody's when there is no token; a token that is not good is refused, not passed over. */
export async function reader(house: Hosted, c: Asked): Promise<{ key?: string } | Refusal> {
	if (c.req.header("Authorization") === undefined) return {};
	const token = bearer(c);
	if (token === undefined) return noSession();
	const session = await whoseSession(house, token);
	return session === undefined ? noSession() : { key: session.agent };
}

/** The same where an answer is for a session alone. */
export async function signedIn(house: Hosted, c: Asked): Promise<{ key: string } | Refusal> {
	const who = await reader(house, c);
	if (isRefusal(who)) return who;
	return who.key === undefined ? sessionNeeded() : { key: who.key };
}

function bearer(c: Asked): string | undefined {
	return /^Bearer +([A-Za-z0-9_-]{43})$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}

/** Only the hash is kept: who reads the database does not get anybody's session. */
function hashed(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}
