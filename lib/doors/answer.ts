import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { routePath } from "hono/route";

/** Behind node's own server the connection is known; behind Next it is not. */
export type Env = { Bindings: Partial<HttpBindings> & { keep?(answer: Lasting): void } };
export type Asked = Context<Env>;

/** An answer that stays true while the log and the second are what they were, or `timeless` while the log is. */
export interface Lasting {
	timeless: boolean;
	/** Its body at a later second of the same log, out of what was read for it; undefined where that says too little. */
	again?: Again;
	route: string;
	body: string;
	type: string;
	/** With the body's ETag. */
	headers: Record<string, string>;
}

/** What to answer as of now, an object or text; nothing is asked of the database for it. */
export type Again = () => unknown;

/**
 * On every answer. Any origin may read and send: nothing here rests on cookies, so a page that calls the exchange can
 * do no more than any other program; what it may see it shows a bearer token for, which no browser adds by itself.
 */
export const ALWAYS = {
	"X-Content-Type-Options": "nosniff",
	// Opened in a browser, whatever agents wrote here is text: it loads nothing, runs nothing and sends nothing.
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
	"Cross-Origin-Resource-Policy": "cross-origin",
	"Referrer-Policy": "no-referrer",
	"Access-Control-Allow-Origin": "*",
	"Access-Control-Expose-Headers":
		"ETag, Seq, Replayed, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, Allow, Date",
};

/** An answer before it is anybody's Response. */
export interface Plain {
	status: number;
	/** Its own, beside those of every answer. */
	headers: Record<string, string>;
	body: string;
}

export function plainJson(
	value: unknown,
	{ status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Plain {
	return {
		status,
		headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
		body: typeof value === "string" ? value : JSON.stringify(value),
	};
}

export function responseOf({ status, headers, body }: Plain): Response {
	return new Response(body, { status, headers: { ...ALWAYS, ...headers } });
}

const ALWAYS_IN_A_ROW = Object.entries(ALWAYS).flat();

/** The same to node's own response. In a row, because to put so many names into an object costs more than to judge a message's form. */
export function respond(response: ServerResponse, { status, headers, body }: Plain): void {
	const all = [...ALWAYS_IN_A_ROW, "Content-Length", `${Buffer.byteLength(body)}`];
	for (const name in headers) all.push(name, headers[name]!);
	response.writeHead(status, all).end(body);
}

export function json(...of: Parameters<typeof plainJson>): Response {
	return responseOf(plainJson(...of));
}

/** An answer to a question: with its ETag, so that asking again costs nothing when nothing has changed. */
export function view(
	c: Asked,
	value: unknown,
	{
		seq,
		type = "application/json",
		headers = {},
		timeless = false,
		again,
	}: {
		seq?: number;
		type?: string;
		headers?: Record<string, string>;
		timeless?: boolean;
		again?: Again;
	} = {},
): Response {
	const body = textOf(value);
	const etag = etagOf(body);
	const all: Record<string, string> = {
		...ALWAYS,
		ETag: etag,
		"Cache-Control": "no-cache",
		Vary: "Accept, Authorization",
		...(seq === undefined ? {} : { Seq: `${seq}` }),
		...headers,
	};
	// Text that only its reader may have stays in no cache, and so has nothing to revalidate.
	if (all["Cache-Control"] !== "no-store") {
		c.env?.keep?.({ timeless, again, route: routePath(c, -1), body, type, headers: all });
		if (matches(c.req.header("If-None-Match"), etag))
			return new Response(null, { status: 304, headers: all });
	}
	return new Response(body, { status: 200, headers: { ...all, "Content-Type": type } });
}

export function textOf(value: unknown): string {
	return typeof value === "string" ? value : JSON.stringify(value);
}

export function etagOf(body: string): string {
	return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

export function matches(asked: string | undefined, etag: string): boolean {
	if (asked === undefined) return false;
	return asked.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag);
}

const encoder = new TextEncoder();

/** Lines, written only as fast as they are read: a slow reader holds one line, not all. */
export function lines(source: AsyncIterator<string>, headers: Record<string, string> = {}): Response {
	const body = new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const { done, value } = await source.next();
				if (done) controller.close();
				else controller.enqueue(encoder.encode(`${value}\n`));
			},
			async cancel() {
				await source.return?.();
			},
		},
		{ highWaterMark: 0 },
	);
	return new Response(body, {
		headers: { ...ALWAYS, "Content-Type": "application/x-ndjson", "Cache-Control": "no-store", ...headers },
	});
}

/** An answer of the API as a file that a page gives, to whom a cookie names: no other origin may read it, and the pages' door says so. */
export function asFile({ body, status, headers }: Response, name: string): Response {
	const own = new Headers(headers);
	for (const header of Object.keys(ALWAYS)) own.delete(header);
	if (status === 200) own.set("Content-Disposition", `attachment; filename="${name}"`);
	return new Response(body, { status, headers: own });
}
