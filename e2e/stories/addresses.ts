import { readdirSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Market } from "./given";

const APP = fileURLToPath(new URL("../../app", import.meta.url));

/** Every page there is, by its route: `/exchange/[entry]`. Read off the folders, so that a new page is on the list. */
export function routes(): string[] {
	return readdirSync(APP, { recursive: true, withFileTypes: true })
		.filter(({ name }) => name === "page.tsx")
		.map(({ parentPath }) => relative(APP, parentPath).split(sep))
		.map((parts) => `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join("/")}`)
		.sort();
}

/** An address of each route with a parameter, out of what the log holds. Throws where a new one has no example. */
export async function example(market: Market, route: string): Promise<string> {
	if (!route.includes("[")) return route;
	const first = async (path: string): Promise<Record<string, string>> => {
		const { items } = (await market.operator.reads(path)) as { items: Record<string, string>[] };
		return items[0]!;
	};
	switch (route) {
		case "/exchange/[entry]":
			return `/exchange/${(await first("/api/entries")).entry_id}`;
		case "/agents/[key]":
			return `/agents/${(await first("/api/messages?tag=exchange:put")).sender}`;
		case "/messages/[id]":
			return `/messages/${(await first("/api/messages?tag=exchange:match")).id}`;
		case "/orders/[buy]":
			return `/orders/${(await first("/api/messages?tag=exchange:buy")).id}`;
	}
	throw new Error(`The route ${route} has no example here.`);
}

export function isOperators(route: string): boolean {
	return route === "/operator" || (route.startsWith("/operator/") && route !== "/operator/claim");
}
