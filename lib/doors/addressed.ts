import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { respond } from "./answer";
import { badParameter, noSuchPage, plainProblem } from "./problem";

/**
 * Of what a request asks for, path and query: where a proxy's client writes the whole address (RFC 9112, 3.2.2), Next would send it
 * to whatever exchange is named there.
 */
export function targetOf({ url = "/" }: IncomingMessage): string {
	const within = url.replace(/^https?:\/\/[^/?]*/i, "");
	return within === url || within.startsWith("/") ? within : `/${within}`;
}

/**
 * Says what is wrong with an address on which Next fails instead of refusing: no path (`*`), a path that is no text, and parameters
 * that are named as what every object has. True when it has answered.
 */
export function refusesAddress({ url = "/" }: IncomingMessage, response: ServerResponse): boolean {
	const [path = "", query = ""] = url.split("?", 2);
	const refused = !(path.startsWith("/") && isText(path))
		? noSuchPage()
		: [...new URLSearchParams(query).keys()].some((name) => name in {})
			? badParameter()
			: undefined;
	if (!refused) return false;
	respond(response, plainProblem(refused));
	return true;
}

/** No page and no address speaks another protocol: Next would take the connection and never say a word on it. */
export function refuseUpgrade(_: IncomingMessage, socket: Duplex): void {
	socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
	(socket as Socket).destroySoon();
}

function isText(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false;
	}
}
