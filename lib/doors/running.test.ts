import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FIGURES, running } from "./running";

test("the figures of the page on running an exchange are README's", async () => {
	const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
	for (const figure of Object.values(FIGURES)) expect(readme.replace(/\s+/g, " ")).toContain(figure);
	const said = JSON.stringify(running("https://exchange.example"));
	expect(said).toContain("0.6 ms of the exchange's CPU and 0.3 ms of PostgreSQL");
	expect(said).toContain("2.6 ms of the exchange's CPU and 1.0 ms of PostgreSQL");
});
