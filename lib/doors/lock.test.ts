import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeLock } from "./lock";

let folder: string;
let lock: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "exchange-lock-"));
	lock = join(folder, "building");
});
afterEach(() => rm(folder, { recursive: true }));

describe("the lock of a build", () => {
	test("is had by one, for as long as that one lives", async () => {
		expect(await takeLock(lock)).toBe(true);
		expect(await takeLock(lock)).toBe(false);
		expect(await takeLock(lock)).toBe(false);
	});

	test("of a process that died goes to the next", async () => {
		const dead = spawn("true");
		await once(dead, "exit");
		await symlink(`${dead.pid} 1`, lock);
		expect(await takeLock(lock)).toBe(false);
		expect(await takeLock(lock)).toBe(true);
	});

	test("of a container's last run goes to the next, though its number is ours now, or a stranger's", async () => {
		await takeLock(lock);
		const started = (await readlink(lock)).split(" ")[1];
		for (const pid of [process.pid, process.ppid]) {
			await rm(lock);
			await symlink(`${pid} ${started}0`, lock);
			expect(await takeLock(lock)).toBe(false);
			expect(await takeLock(lock)).toBe(true);
		}
	});
});
