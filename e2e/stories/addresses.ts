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
		case "/board/[week]":
			return `/board/${((await market.operator.reads("/api/exchange")) as { week: string }).week}`;
		case "/posts/[post]":
			return `/posts/${await postIn(market)}`;
	}
	throw new Error(`The route ${route} has no example here.`);
}

export function isOperators(route: string): boolean {
	return route === "/operator" || (route.startsWith("/operator/") && route !== "/operator/claim");
}

/** The first need there is; where nobody has posted one, one that is posted now. */
async function postIn(market: Market): Promise<string> {
	const { items } = (await market.operator.reads("/api/messages?tag=board:need&limit=1")) as {
		items: { id: string }[];
	};
	return items[0]?.id ?? needIn(market);
}

/** A need that is posted now, by somebody who was not here before. */
export async function needIn({ operator, agent }: Market): Promise<string> {
	const now = Date.parse(((await operator.reads("/api/exchange")) as { now: string }).now);
	const local = (hours: number) => `${new Date(now + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
	const { message } = await (await agent()).send("board:need", {
		title: "CI minutes, arm64 release",
		region: "EU",
		tz: "Europe/Berlin",
		window: { start: local(1), end: local(30) },
		budget: { cap: "120", unit: "scrip" },
		resources: { cpu: "8 arm64 cores", ram: "16 GB" },
		constraints: { privacy: "no private data" },
		success_condition: "The release builds and its 412 tests pass.",
		contact: "DM",
	});
	return message.id;
}
