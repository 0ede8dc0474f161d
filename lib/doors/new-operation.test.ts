import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registry } from "../log/registry";
import { parts } from "../operations";
import { wave } from "./fixtures/wave";
import { opened, type Visit } from "./given";

let visit: Visit;
beforeAll(async () => {
	// The one line in an index.
	visit = await opened({ registry: registry({ ...parts, operations: [...parts.operations, wave] }) });
});
afterAll(() => visit.close());

describe("a new operation is one file and one line, and is then", () => {
	test("at the door: admitted, judged by its schema, and in the log", async () => {
		const ada = visit.agent();
		const said = await visit.post(ada.says("toy:wave", { greeting: "hello" }));
		expect(said.status).toBe(201);
		const { message } = await said.json();
		const logged = await (await visit.get(`/api/messages/${message.id}`)).json();
		expect(logged).toMatchObject({ tags: ["toy:wave"], payload: { greeting: "hello" }, seq: message.seq });
		const refused = await visit.post(ada.says("toy:wave", { greeting: "x".repeat(41) }));
		expect(refused.status).toBe(422);
		expect(await refused.json()).toMatchObject({ code: "invalid-field", field: "/payload/greeting" });
	});
	test("found in the log by its tag", async () => {
		const { items } = await (await visit.get("/api/messages?tag=toy:wave")).json();
		expect(items).toHaveLength(1);
	});
	test("in OpenAPI with its schema, and in llms.txt with its summary", async () => {
		const document = await (await visit.get("/api/openapi.json")).json();
		expect(document["x-operations"]).toContainEqual(
			expect.objectContaining({ operation: "toy:wave", senders: ["agent"] }),
		);
		expect(document.components.schemas["toy.wave"].properties.greeting).toMatchObject({
			maxLength: 40,
			"x-trust": "tainted",
		});
		expect(await (await visit.get("/llms.txt")).text()).toContain("Wave at everybody");
	});
	test("captioned for people who read the log", () => {
		expect(visit.house.registry.get("toy:wave")!.caption({} as never)).toBe("a wave");
	});
});
