import { expect, test } from "vitest";
import { freePort } from "../../e2e/started";
import { serve } from "./serve";

test.each([
	["https://exchange.example", "max-age=31536000"],
	["http://exchange.example", null],
])("readers of %s are told to come by TLS always only where they come by it", async (publicUrl, told) => {
	const port = await freePort();
	const nothing = (_: unknown, response: { end(): void }) => void response.end();
	const serving = await serve({ host: "127.0.0.1", port, publicUrl, agents: nothing, pages: nothing });
	// A page, its refusal before Next is asked, and the API.
	for (const path of ["/", "/%ff", "/api/exchange"]) {
		const answer = await fetch(`http://127.0.0.1:${port}${path}`);
		expect([path, answer.headers.get("Strict-Transport-Security")]).toEqual([path, told]);
	}
	await serving.close();
});
