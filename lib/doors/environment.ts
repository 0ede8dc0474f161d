import { resolve } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import * as z from "zod";
import { unhex } from "../log/bytes";
import { type Proxies, proxies } from "./visitor";

/** What the process is told from outside (PROTOCOL, "Running"), read and bounded here and nowhere else. */
export interface Environment {
	host: string;
	port: number;
	/** Where readers find it: an origin, without a slash at its end. */
	publicUrl: string;
	/** Whose X-Forwarded-For is read. */
	proxies?: Proxies;
	/** Absolute. */
	dataDir: string;
	databaseUrl?: string;
	databaseReadUrl?: string;
	/** Private. */
	exchangeKey?: string;
	operators: string[];
	treasuryFloatScrip: number;
	/** Whether an empty log begins with the demo story. */
	demo: boolean;
	/** The instant at which the process's clock starts. */
	clockStart?: string;
	embedder?: string;
	embedderKey?: string;
	/** Relays the board is mirrored to, and the private key the exchange has there: both or neither. */
	nostr?: { relays: string[]; key: string };
	logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

const KEYS = "must be public keys of 64 lower-case hex digits, with commas between them";
const RELAYS = "must be addresses of the form wss://relay.example, with commas between them";
const PROXIES = "must be addresses or networks like 127.0.0.1, 10.0.0.0/8, with commas between them";
const MOST_SCRIP = 1_000_000_000;

const whole = (least: number, most: number) => {
	const must = `must be a whole number from ${least} to ${most}`;
	return z
		.string()
		.regex(/^\d{1,12}$/, must)
		.transform(Number)
		.refine((n) => n >= least && n <= most, must);
};
const hex64 = (must: string) => z.string().regex(/^[0-9a-f]{64}$/, must);
/** Whether anybody can sign for it: a slip of the hand would make a house operator that is nobody. */
const isPublicKey = (text: string) => {
	try {
		return !ed25519.Point.fromHex(text).isSmallOrder();
	} catch {
		return false;
	}
};
const isNostrSecret = (text: string) => {
	const bytes = unhex(text);
	return bytes !== undefined && secp256k1.utils.isValidSecretKey(bytes);
};
const postgresUrl = z
	.string()
	.refine(
		(text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ""),
		"must be of the form postgres://user:password@host:port/database",
	);

/** Without user and password: it is shown to everybody. */
const relayUrl = z.string().refine((text) => {
	const url = URL.parse(text);
	return url !== null && /^wss?:$/.test(url.protocol) && url.username === "" && url.password === "";
}, RELAYS);

const SETTINGS = z.object({
	HOST: z.string().default("127.0.0.1"),
	PORT: whole(1, 65_535).default(3000),
	PUBLIC_URL: z
		.string()
		.refine((text) => {
			const url = URL.parse(text);
			return url !== null && /^https?:$/.test(url.protocol) && url.href.replace(/\/$/, "") === url.origin;
		}, "must be an origin like https://exchange.example, without a path")
		.transform((text) => new URL(text).origin)
		.optional(),
	TRUSTED_PROXIES: z
		.string()
		.transform((text, context) => {
			const trusted = proxies(text.split(/[\s,]+/).filter(Boolean));
			if (trusted) return trusted;
			context.addIssue({ code: "custom", message: PROXIES });
			return z.NEVER;
		})
		.optional(),
	DATA_DIR: z.string().default(".data"),
	DATABASE_URL: postgresUrl.optional(),
	DATABASE_READ_URL: postgresUrl.optional(),
	EXCHANGE_KEY: hex64("must be the exchange's private key: 64 lower-case hex digits").optional(),
	OPERATORS: z
		.string()
		.transform((text) => text.split(/[\s,]+/).filter(Boolean))
		.pipe(z.array(hex64(KEYS).refine(isPublicKey, KEYS)))
		.default([]),
	TREASURY_FLOAT: whole(0, MOST_SCRIP).default(1_000_000),
	DEMO: z.enum(["0", "1"], "must be 0 or 1").optional(),
	CLOCK_START: z
		.string()
		.refine(
			(text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
			"must be an instant like 2026-11-16T08:00:00Z",
		)
		.optional(),
	EMBEDDER: z.string().optional(),
	EMBEDDER_KEY: z.string().optional(),
	NOSTR_RELAYS: z
		.string()
		.transform((text) => [...new Set(text.split(/[\s,]+/).filter(Boolean))])
		.pipe(z.array(relayUrl))
		.optional(),
	NOSTR_KEY: hex64("must be a private key of Nostr: 64 lower-case hex digits")
		.refine(isNostrSecret, "must be a private key of Nostr: 64 lower-case hex digits")
		.optional(),
	LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("warn"),
});

/** Throws an Error of one line that names every setting at fault, and quotes none: some are secrets. */
export function environment(env: Record<string, string | undefined> = process.env): Environment {
	// `PORT=` in a file of settings means "none", as an absent line does.
	const given = Object.fromEntries(
		Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
	);
	const { data, error } = SETTINGS.safeParse(given);
	if (error) {
		const faults = error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
		throw new Error([...new Set(faults)].join("; "));
	}
	const { HOST: host, PORT: port, NOSTR_RELAYS: relays, NOSTR_KEY: key } = data;
	if ((relays === undefined) !== (key === undefined))
		throw new Error("NOSTR_RELAYS and NOSTR_KEY are given together, or neither is");
	return {
		host,
		port,
		publicUrl: data.PUBLIC_URL ?? `http://${reachable(host)}:${port}`,
		proxies: data.TRUSTED_PROXIES,
		dataDir: resolve(data.DATA_DIR),
		databaseUrl: data.DATABASE_URL,
		databaseReadUrl: data.DATABASE_READ_URL,
		exchangeKey: data.EXCHANGE_KEY,
		operators: data.OPERATORS,
		treasuryFloatScrip: data.TREASURY_FLOAT,
		// Somebody's own PostgreSQL is no place for stories, unless they ask.
		demo: data.DEMO === undefined ? data.DATABASE_URL === undefined : data.DEMO === "1",
		clockStart: data.CLOCK_START,
		embedder: data.EMBEDDER,
		embedderKey: data.EMBEDDER_KEY,
		nostr: relays && key ? { relays, key } : undefined,
		logLevel: data.LOG_LEVEL,
	};
}

/** "All addresses" is an answer to where to listen, not to where to look. */
function reachable(host: string): string {
	if (host === "0.0.0.0" || host === "::") return "localhost";
	return host.includes(":") ? `[${host}]` : host;
}
