import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedBytes, verify } from "../log/sign";
import { newKey } from "./compose";
import { shell } from "./shell";

const [owner, other, exchange] = [newKey(), newKey(), newKey()];
let folder: string;
let file: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "shell-"));
	file = join(folder, "owner.json");
	await writeFile(file, JSON.stringify(owner));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
	const printed: string[] = [];
	const complained: string[] = [];
	const code = await shell(
		args,
		(line) => printed.push(line),
		(line) => complained.push(line),
	);
	return { code, printed, complained };
}

test("proves without a network that a key belongs to an owner", async () => {
	const { code, printed } = await run("prove", file, exchange.key, "adas-fleet", other.key);
	expect(code).toBe(0);
	const joined = signedBytes("operator", exchange.key, "adas-fleet", other.key);
	expect(verify(owner.key, joined, printed[0]!)).toBe(true);
	expect(verify(other.key, joined, printed[0]!)).toBe(false);
});

test("tells its usage to who leaves something out, and exits with 2", async () => {
	for (const args of [[], ["prove", file, exchange.key, "adas-fleet"], ["hum", file, exchange.key]]) {
		const { code, printed, complained } = await run(...args);
		expect([code, printed]).toEqual([2, []]);
		expect(complained[0]).toContain("node client.mjs prove");
	}
});
