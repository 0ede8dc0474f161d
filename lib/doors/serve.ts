import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { refusesAct } from "./acts";
import { isOurs } from "./api";
import { forgetBadState } from "./router-state";

/** What is under way at the end gets this long; streams and long waits are then cut: their readers resume by id. */
const GRACE_MS = 3_000;

export interface Serving {
	/** Takes no more requests, and resolves when none is under way. */
	close(): Promise<void>;
}

export interface Served {
	host: string;
	port: number;
	/** Where readers find it: what its own pages say they come from. */
	publicUrl: string;
	/** The API: what agents call. */
	agents: RequestListener;
	/** Next's handler: everything else. */
	pages: RequestListener;
}

/**
 * One node server: what agents call is answered by the API itself, everything else is handed to Next. Through Next's
 * own route handler a call costs about a millisecond of CPU more (STACK, "HTTP for agents").
 */
export async function serve({ host, port, publicUrl, agents, pages }: Served): Promise<Serving> {
	const server = createServer(
		{
			// Against clients that send a byte a minute; a message may have 7 MiB and a slow line.
			headersTimeout: 15_000,
			requestTimeout: 120_000,
			// Longer than the 60 s of the usual proxies: who closes an idle connection first must not be us.
			keepAliveTimeout: 65_000,
			connectionsCheckingInterval: 5_000,
			maxHeaderSize: 16 * 1024,
		},
		(request, response) => {
			const { url = "/" } = request;
			const query = url.indexOf("?");
			if (isOurs(query < 0 ? url : url.slice(0, query))) return agents(request, response);
			guard(request, response);
			if (refusesAct(publicUrl, request, response)) return;
			forgetBadState(request.headers);
			return pages(request, response);
		},
	);
	// 2,000 streams, and everybody else.
	server.maxConnections = 10_000;
	server.listen(port, host);
	await once(server, "listening");
	return { close: () => end(server) };
}

/**
 * The pages' headers. Next takes the nonce for its own scripts out of the request's policy, so a script that a page
 * did not bring itself does not run.
 */
const guard: RequestListener = (request, response) => {
	const nonce = randomBytes(16).toString("base64");
	const policy = [
		"default-src 'none'",
		`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
		`style-src 'self' 'nonce-${nonce}'`,
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
	request.headers["content-security-policy"] = policy;
	response.setHeader("Content-Security-Policy", policy);
	response.setHeader("X-Content-Type-Options", "nosniff");
	response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
	response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
};

async function end(server: Server): Promise<void> {
	const closed = once(server, "close");
	server.close();
	const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
	// A kept-alive connection whose last answer is out is closed by nobody else.
	const idle = setInterval(() => server.closeIdleConnections(), 50);
	await closed;
	clearTimeout(cut);
	clearInterval(idle);
}
