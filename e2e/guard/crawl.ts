import { readdirSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isOurs } from "../../lib/doors/api";
import type { Product } from "./open";
import { document, type Sown } from "./sown";

const APP = fileURLToPath(new URL("../../app", import.meta.url));

/** An address of a page, of a file that one gives, or of the API. */
export interface Address {
	/** `/posts/[post]`, `/api/posts/{id}`. */
	route: string;
	path: string;
	headers?: Record<string, string>;
}

/** Every route of the pages and of their files; read off the folders, so that a new one is on the list. */
export const ROUTES = readdirSync(APP, { recursive: true, withFileTypes: true })
	.filter(({ name }) => name === "page.tsx" || name === "route.ts")
	.map(({ parentPath }) => relative(APP, parentPath).split(sep))
	.map((parts) => `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join("/")}`)
	// The API's own are the ones that OpenAPI lists.
	.filter((route) => !isOurs(route))
	.sort();

/** Tags that tell what a message is about, not of what kind it is. */
const DERIVED = /^exchange:(content-type|domain|verdict):/;

interface Logged {
	id: string;
	tags: string[];
}

/** Everywhere there is something to read: each route, of each thing that the log holds. Throws where a route has no example here. */
export async function addressesOf({ ask }: Product, { examples, people }: Sown): Promise<Address[]> {
	const log: Logged[] = [];
	for (let after = 0; ; after = log.length) {
		const { items } = await (await ask(`/api/messages?limit=500&after=${after}`)).json();
		log.push(...items);
		if (items.length < 500) break;
	}
	const { week } = await (await ask("/api/exchange")).json();
	const ids = (...tags: string[]) =>
		log.filter((one) => tags.some((tag) => one.tags.includes(tag))).map(({ id }) => id);
	// One of each kind of message: what is shown of the others is shown by the same code.
	const all = [
		...new Map(log.map(({ id, tags }) => [tags.filter((tag) => !DERIVED.test(tag)).join(), id])).values(),
	];
	const senders = Object.values(people).map(({ key }) => key);
	const VALUES: Record<string, string[]> = {
		"[entry]": [examples.entry, ...ids("exchange:put")],
		"[post]": [examples.post, ...ids("board:need", "board:offer")],
		"[buy]": [examples.buy, ...ids("exchange:buy")],
		"[deliver]": [examples.deliver],
		"[id]": all,
		"[key]": senders,
		"[week]": [week],
		"[...nextauth]": ["session", "csrf", "providers", "signin", "signout", "error", "verify-request"],
		"/api/messages/{id}/proof": [examples.flag],
		"/api/posts/{id}": ids("board:need", "board:offer"),
		"/api/entries/{id}": ids("exchange:put"),
		"/api/orders/{id}": ids("exchange:buy"),
		"{id}": all,
		"{key}": senders,
		"{level}": ["0"],
		"{index}": ["000"],
	};
	const filled = (route: string): Address[] => {
		let paths = [route];
		for (const [hole] of route.matchAll(/\[[^/]*\]|\{\w+\}/g)) {
			const whole = Object.keys(VALUES).find((name) => route.startsWith(name) && name.endsWith(hole));
			const values = VALUES[whole ?? hole];
			if (!values) throw new Error(`The route ${route} has no example here.`);
			paths = paths.flatMap((path) => values.map((value) => path.replace(hole, value)));
		}
		return paths.map((path) => ({ route, path }));
	};
	const api = Object.keys(document.paths).filter(
		(path) => document.paths[path]!.get && !path.endsWith("/stream"),
	);
	return [
		...ROUTES.flatMap(filled),
		...api.flatMap(filled),
		{
			route: "/api/messages",
			path: "/api/messages?limit=500",
			headers: { Accept: "application/x-ndjson" },
		},
		{ route: "/api/messages", path: "/api/messages?limit=500" },
		{ route: "/api/board", path: "/api/board?limit=500" },
		{ route: "/api/entries", path: "/api/entries?q=canary" },
		{ route: "/exchange", path: "/exchange?q=canary" },
	];
}

/** One address of each route: to whom it is shown and how it is asked for changes an answer, which of its kind it is does not. */
export function oneOfEach(addresses: Address[]): Address[] {
	return addresses.filter(({ route }, at) => addresses.findIndex((one) => one.route === route) === at);
}
