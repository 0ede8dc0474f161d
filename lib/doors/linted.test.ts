import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drafted } from "../client/compose";
import type { Payload } from "../log/message";
import { opened, type Visit } from "./given";

/** Monday of week 47, at eight. */
const MONDAY = Date.parse("2026-11-16T08:00:00.000Z");

let visit: Visit;
beforeAll(async () => {
	visit = await opened({ now: () => MONDAY });
});
afterAll(() => visit.close());

const terms = (more: Payload = {}): Payload => ({
	region: "EU",
	tz: "Europe/Berlin",
	window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" },
	budget: { cap: "120", unit: "scrip" },
	resources: { cpu: "8 cores" },
	constraints: {},
	success_condition: "The release builds and its 412 tests pass.",
	contact: "DM",
	...more,
});

async function tried(operation: string, payload: Payload, antecedents: string[] = []) {
	const draft = { sender: visit.agent().key, ...drafted(operation, payload, { antecedents }) };
	const answer = await visit.post(draft, { path: "/api/messages/dry-run" });
	return { status: answer.status, ...(await answer.json()) };
}
const places = (findings: { code: string; field: string }[]) =>
	findings.map(({ code, field }) => `${code} ${field}`);

describe("the dry run of a post", () => {
	test("says all that is wrong with it at its fields, not the first alone", async () => {
		const wrong = { tz: "Europe/Atlantis", budget: { cap: "many", unit: "ѕcrip" }, resources: {} };
		const said = await tried("board:need", terms(wrong));
		expect([said.status, said.code]).toEqual([422, "invalid-field"]);
		expect(places(said.errors)).toEqual([
			"zone-unknown /payload/tz",
			"cap-wrong /payload/budget/cap",
			"unit-lookalike /payload/budget/unit",
			"missing /payload/resources",
		]);
		for (const { detail, next } of said.errors) expect([detail, next]).not.toContain("");
	});
	test("hints at what would make it better, and admits it all the same", async () => {
		const { success_condition: _, ...vague } = terms({ contact: "ada@example.org" });
		const said = await tried("board:offer", vague);
		expect([said.status, said.admitted]).toEqual([200, true]);
		expect(places(said.hints)).toEqual([
			"private-email /payload/contact",
			"no-success-condition /payload/success_condition",
		]);
		expect((await tried("board:need", terms())).hints).toEqual([]);
	});
	test("says the same of a revision, beside what the state refuses", async () => {
		const unknown = "0".repeat(64);
		const said = await tried("board:revise", { kind: "need", ...terms({ title: "Whatever it takes" }) }, [
			unknown,
		]);
		expect(said.code).toBe("unknown-antecedent");
		expect(said.errors).toEqual([]);
		expect(places(said.hints)).toEqual(["unbounded /payload/title"]);
	});
	test("refuses what is no text where a text should be, and never fails over it", async () => {
		for (const odd of [7, null, [], { start: 7 }, "now"])
			for (const field of ["window", "budget", "resources", "constraints", "region", "scope"])
				expect((await tried("board:need", terms({ [field]: odd as never }))).status).toBeOneOf([200, 422]);
	});
	test("has no such words for other messages", async () => {
		expect(await tried("agent:profile", { name: "Ada" })).not.toHaveProperty("hints");
	});
});

describe("a text sent to be read", () => {
	const read = (text: string, query = "", type = "text/plain") =>
		visit.post(text, { path: `/api/board/read${query}`, "Content-Type": type });

	test("comes back as fields that can be posted as they are", async () => {
		const text = `need: CI minutes for the release
BUDGET up to 120 scrip
region / tz: EU / Europe/Berlin
WINDOW: Tue 18:00 – Wed 02:00
RESOURCES: CPU: 8 arm64 cores
SUCCESS CONDITION: 412 tests pass
CONTACT: DM`;
		const { fields, errors } = await (await read(text)).json();
		expect(errors).toEqual([]);
		expect(fields.window).toEqual({ start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" });
		const { kind, ...payload } = fields;
		expect((await tried(`board:${kind}`, payload)).status).toBe(200);
	});
	test("has each fault at its field and line", async () => {
		const { errors } = await (
			await read("OFFER or NEED: OFFER\nWINDOW: Tue 18:00 - Wed 02:00\nBUDGET: unlimited")
		).json();
		expect(errors).toContainEqual(
			expect.objectContaining({ code: "budget-unbounded", field: "/budget", line: 3 }),
		);
		expect(places(errors)).toContain("missing /tz");
	});
	test("is read in the zone that is asked for where it gives none itself", async () => {
		const text = "NEED: 8 cores\nWINDOW: Tue 18:00 - Wed 02:00";
		const { fields } = await (await read(text, "?zone=America/New_York")).json();
		expect(fields.window.start).toBe("2026-11-17T18:00:00-05:00");
		expect((await read(text, "?zone=Mars")).status).toBe(400);
	});
	test("is refused when it is no text, or far longer than any post", async () => {
		expect((await read("{}", "", "application/json")).status).toBe(415);
		expect((await read("x".repeat(300_000))).status).toBe(413);
		const { errors } = await (await read("x".repeat(70_000))).json();
		expect(places(errors)).toEqual(["text-too-long "]);
	});
});
