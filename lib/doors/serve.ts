import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { refusesAct } from "./acts";
import { refusesAddress, refuseUpgrade, targetOf } from "./addressed";
import { isOurs } from "./api";
import { forgetBadState } from "./router-state";

/**
 * At the end it goes on for so long, answering each request with `Connection: close`: a proxy that keeps connections open for
 * its next requests gives them up one by one, instead of finding one closed into which it has just written a request.
 */
const LINGER_MS = 1_000;
/** What a connection that was taken last may need to bring its request. */
const FIRST_REQUEST_MS = 500;
/** Then what is under way gets so long until nobody is held for an answer any more, and in all so long until it is cut. */
const HOLD_MS = 2_000;
const GRACE_MS = 10_000;

export interface Serving {
	/** Sees off who is here, then takes no more requests, and resolves when none is under way. */
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
	/** Told when it begins to end, and when nobody is to be held for an answer any more. */
	leave?(): void;
	letGo?(): void;
}

/**
 * One node server: what agents call is answered by the API itself, everything else is handed to Next. Through Next's
 * own route handler a call costs about a millisecond of CPU more (STACK, "HTTP for agents").
 */
export async function serve({
	host,
	port,
	publicUrl,
	agents,
	pages,
	leave = () => {},
	letGo = () => {},
}: Served): Promise<Serving> {
	let leaving = false;
	/** Says with its head whether the connection goes on: also of a request that came before the end began. */
	class Answer extends ServerResponse {
		override writeHead(...head: [never]): this {
			if (leaving) this.shouldKeepAlive = false;
			return super.writeHead(...head);
		}
	}
	// Whoever ends TLS before us passes it on; where there is none it would mean nothing.
	const secure = publicUrl.startsWith("https:");
	const server = createServer(
		{
			ServerResponse: Answer,
			// Against clients that send a byte a minute; a message may have 7 MiB and a slow line.
			headersTimeout: 15_000,
			requestTimeout: 120_000,
			// Longer than the 60 s of the usual proxies: who closes an idle connection first must not be us.
			keepAliveTimeout: 65_000,
			connectionsCheckingInterval: 5_000,
			maxHeaderSize: 16 * 1024,
		},
		(request, response) => {
			if (secure) response.setHeader("Strict-Transport-Security", "max-age=31536000");
			const url = targetOf(request);
			request.url = url;
			const query = url.indexOf("?");
			if (isOurs(query < 0 ? url : url.slice(0, query))) return agents(request, response);
			guard(request, response);
			if (refusesAddress(request, response)) return;
			if (refusesAct(publicUrl, request, response)) return;
			forgetBadState(request.headers);
			return pages(request, response);
		},
	);
	server.on("upgrade", refuseUpgrade);
	// 2,000 streams, and everybody else.
	server.maxConnections = 10_000;
	server.listen(port, host);
	await once(server, "listening");
	return {
		async close() {
			leaving = true;
			leave();
			const connections = await new Promise<number>((count) =>
				server.getConnections((_, open) => count(open)),
			);
			if (connections > 0) await sleep(LINGER_MS);
			await end(server, connections > 0, letGo);
		},
	};
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
	for (const [name, value] of Object.entries(PAGES)) response.setHeader(name, value);
};

const PAGES = {
	"X-Content-Type-Options": "nosniff",
	// As frame-ancestors, for browsers that do not know it.
	"X-Frame-Options": "DENY",
	"Referrer-Policy": "strict-origin-when-cross-origin",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	// No page asks for any of these, so no script that got into one can.
	"Permissions-Policy":
		"camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
};

/**
 * Resolves when node has looked for new connections within the last millisecond, or is too busy to get there: one that comes
 * between its looking and the end is reset.
 */
async function rightAfterLooking(): Promise<void> {
	for (let turns = 0; turns < 50; turns++) {
		const before = performance.now();
		await new Promise((resolve) => setImmediate(resolve));
		if (performance.now() - before < 1) return;
	}
}

async function end(server: Server, isVisited: boolean, letGo: () => void): Promise<void> {
	const closed = once(server, "close");
	await rightAfterLooking();
	// Not the HTTP server's own, which also closes connections on which no request has come yet: one may be on its way.
	NetServer.prototype.close.call(server);
	if (isVisited) await sleep(FIRST_REQUEST_MS);
	const hold = setTimeout(letGo, HOLD_MS);
	const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
	// A kept-alive connection whose last answer is out is closed by nobody else.
	const idle = setInterval(() => server.closeIdleConnections(), 50);
	await closed;
	clearTimeout(hold);
	clearTimeout(cut);
	clearInterval(idle);
}
