import { createHash } from "node:crypto";
import { cookies } from "next/headers";
import type { AuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { cache } from "react";
import { opened } from "@/lib/doors/opened";
import { openSession, whoseSession } from "@/lib/doors/sessions";

/** 12 hours, as the session itself. */
const SECONDS = 12 * 3600;

/**
 * Sign-in for browsers: the same challenge as `POST /api/session`, the same sessions, kept in a cookie that scripts cannot read.
 * The cookie holds a session's token and grants nothing by itself: a session that has ended ends it too.
 */
export const auth = cache(async (): Promise<AuthOptions> => {
	const { house, publicUrl } = await opened();
	process.env.NEXTAUTH_URL ??= publicUrl;
	const secure = publicUrl.startsWith("https:");
	return {
		// Its own secret, but none to keep: who has the exchange's key could sign in as anybody anyway.
		secret: createHash("sha256").update(`weekly-agent-exchange/1/cookie\n${house.secret}`).digest("hex"),
		session: { strategy: "jwt", maxAge: SECONDS },
		useSecureCookies: secure,
		cookies: {
			sessionToken: {
				name: secure ? "__Secure-session" : "session",
				options: { httpOnly: true, sameSite: "lax", path: "/", secure },
			},
		},
		// Every page that it would bring itself: none of those says how it is written, or is styled by the pages' policy.
		pages: { signIn: "/keys", signOut: "/keys", error: "/keys", verifyRequest: "/keys" },
		providers: [
			Credentials({
				id: "key",
				credentials: { key: {}, nonce: {}, signature: {} },
				async authorize(proof, { headers }) {
					const { key = "", nonce = "", signature = "" } = proof ?? {};
					const session = await openSession(house, { key, nonce, signature }, headers?.["user-agent"]);
					return "token" in session ? { id: key, token: session.token } : null;
				},
			}),
		],
		callbacks: {
			jwt: ({ token, user }) => (user ? { sub: user.id, token: (user as { token?: string }).token } : token),
			session: ({ session, token }) => ({ expires: session.expires, key: token.sub }),
		},
	};
});

export interface Viewer {
	/** The agent, by its first key. */
	key: string;
	/** The key that it signs with, and signed in with. */
	signer: string;
	/** Every key that it ever had. */
	own: string[];
	/** Of the session: shows the door who asks. */
	token: string;
	operator: boolean;
	/** Reads what house operators read. */
	auditor: boolean;
}

/** Who is signed in, by a session that has not ended. */
export const viewer = cache(async (): Promise<Viewer | undefined> => {
	const [{ secret, cookies: named }, jar] = await Promise.all([auth(), cookies()]);
	const cookie = jar.get(named!.sessionToken!.name)?.value;
	if (cookie === undefined) return undefined;
	const held = await decode({ token: cookie, secret: secret! }).catch(() => null);
	const token = held?.token;
	if (typeof token !== "string") return undefined;
	const { house } = await opened();
	const session = await whoseSession(house, token);
	if (session === undefined) return undefined;
	const { agent: key, key: signer } = session;
	const [rows, keys] = await Promise.all([
		house.sql`select role from views.roles where subject = ${key}`,
		house.sql`select key from views.agent_keys where agent = ${key}`,
	]);
	const own = [...new Set([key, ...keys.map((row) => row.key as string)])];
	const has = (role: string) => rows.some((row) => row.role === role);
	return { key, signer, own, token, operator: has("operator"), auditor: has("auditor") };
});
