import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROLES } from "../lib/agents/roles";
import { addresses } from "../lib/doors/openapi";
import { type Door, openDoor } from "./authority/ask";
import { READERS, type Reader } from "./authority/readers";
import { cellOf, MATRIX } from "./authority/rows";
import { tricks } from "./authority/tricks";

/** Who may ask for what over HTTP, and what he is shown of it; who may say what, lib/authority.test.ts holds. */
let door: Door;
beforeAll(async () => {
	door = await openDoor();
});
afterAll(() => door?.close());

/** Of each address of the OpenAPI document, the methods that it is there for. */
const documented = new Map<string, string[]>();
for (const { path, method } of addresses()) documented.set(path, [...(documented.get(path) ?? []), method]);
const addressOf = (row: string) => row.replace(/, .*|\?.*/, "").replace(/\{(\w+): [^}]+\}/g, "{$1}");

test("every address that the exchange has says who may ask it, and no other; every role has its reader", () => {
	const routes = addresses().map(({ method, path }) => `${method} ${path}`);
	expect([...new Set(MATRIX.map(({ row }) => addressOf(row)))].sort()).toEqual(routes.sort());
	expect(READERS).toEqual(expect.arrayContaining(ROLES.map((role) => `the ${role}`)));
});

/** By reader, what each is told, one after the other where a request may change what the next one finds. */
async function toldTo(each: (reader: Reader) => Promise<string>, how: "at once" | "in turn") {
	const told: Partial<Record<Reader, string>> = {};
	const one = async (reader: Reader) => {
		told[reader] = await each(reader);
	};
	if (how === "at once") await Promise.all(READERS.map(one));
	else for (const reader of READERS) await one(reader);
	return told;
}
const expected = (cell: (reader: Reader) => string) =>
	Object.fromEntries(READERS.map((reader) => [reader, cell(reader)]));

describe("an address answers", () => {
	for (const one of MATRIX)
		test(`${one.open}: ${one.row}`, async () => {
			const changes = !one.row.startsWith("GET");
			const cells = await toldTo(
				async (reader) => {
					const request = await door.requestOf(one.row, reader);
					const before = changes && (await door.kept());
					const answer = await door.ask(request);
					if (changes && answer.status >= 400) expect(await door.kept()).toEqual(before);
					if (seesMore(one, reader)) expect(answer.headers["cache-control"]).toMatch(/no-store|private/);
					return answer.cell;
				},
				changes ? "in turn" : "at once",
			);
			expect(cells).toEqual(expected((reader) => cellOf(one, reader)));
			// What the others were answered is not kept for him.
			if (!changes) expect((await door.asks(one.row, "nobody")).cell).toBe(cellOf(one, "nobody"));
		});

	const seesMore = (one: (typeof MATRIX)[number], reader: Reader) =>
		cellOf(one, reader).split(" · ").length > cellOf(one, "nobody").split(" · ").length;
});

describe("by a method that it is not there for, an address answers everybody alike, and does nothing:", () => {
	const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
	/** Among the addresses of messages, this is that of one by an id that is none. */
	const AN_ID = "/api/messages/dry-run";

	for (const [path, methods] of documented)
		test(path, async () => {
			const first = methods.includes("GET") ? "GET" : methods[0];
			const one = MATRIX.find(({ row }) => addressOf(row) === `${first} ${path}`)!;
			const reads = methods.includes("GET") || path === AN_ID;
			const allowed = [...new Set([...methods, ...(reads ? ["GET", "HEAD"] : []), "OPTIONS"])];
			const request = await door.requestOf(one.row, "nobody");
			const before = await door.kept();
			for (const method of METHODS.filter((other) => !methods.includes(other))) {
				const told = await toldTo(async (reader) => {
					const answer = await door.ask({ method, path: request.path, headers: door.asking.headers[reader] });
					if (answer.status === 405 || method === "OPTIONS")
						expect(`${answer.headers.allow}`.split(", ").sort()).toEqual(allowed.sort());
					return answer.cell;
				}, "at once");
				expect([method, told]).toEqual([method, expected((reader) => otherwise(method, one, reader))]);
			}
			expect(await door.kept()).toEqual(before);
		});

	function otherwise(method: string, one: (typeof MATRIX)[number], reader: Reader): string {
		// A HEAD is answered as a GET would be, without a word.
		const [status] = cellOf(one, reader).split(" ");
		if (method === "OPTIONS") return "204";
		if (method === "HEAD" && one.row.startsWith("GET")) return status!;
		const refused =
			addressOf(one.row) !== `POST ${AN_ID}` || !["GET", "HEAD"].includes(method)
				? "405 method-not-allowed"
				: status === "401"
					? "401 no-session"
					: "404 unknown-message";
		return method === "HEAD" ? refused.slice(0, 3) : refused;
	}
});

tricks(() => door);
