import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseUnwritable } from "./data-dir";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "exchange-data-dir-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a DATA_DIR that is not there is made, and nothing is left in it", async () => {
	const deep = join(folder, "not/yet/there");
	await refuseUnwritable(deep);
	expect(await readdir(deep)).toEqual([]);
});

test("one that is a file, or in a file, is refused in a line that says what to do", async () => {
	const file = join(folder, "file");
	await writeFile(file, "a word");
	for (const dataDir of [file, join(file, "deeper")])
		await expect(refuseUnwritable(dataDir)).rejects.toThrow(/^DATA_DIR .* is a file .*: set DATA_DIR[^\n]*$/);
});

// Root may write everywhere.
if (process.geteuid?.() !== 0)
	test("one that belongs to somebody else is refused in a line that says what to do", async () => {
		await chmod(folder, 0o555);
		for (const dataDir of [folder, join(folder, "data")])
			await expect(refuseUnwritable(dataDir)).rejects.toThrow(
				/may not be written by this user: give it [^\n]*$/,
			);
		await chmod(folder, 0o755);
	});

const can = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;

/** Whether this system lets us have a disk of our own: containers mostly do not. */
function mounts(): boolean {
	const own = mkdtempSync(join(tmpdir(), "exchange-disk-"));
	const granted = can("mount", "-t", "tmpfs", "tmpfs", own) && can("umount", own);
	rmdirSync(own);
	return granted;
}

if (mounts())
	test("one on a full or read-only disk is refused in a line that says what to do", async () => {
		const path = join(folder, "disk");
		await mkdir(path);
		expect(can("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", path)).toBe(true);
		await expect(refuseUnwritable(path)).rejects.toThrow(/has no space left on its disk: free some[^\n]*$/);
		expect(can("mount", "-o", "remount,ro", path)).toBe(true);
		for (const dataDir of [path, join(path, "data")])
			await expect(refuseUnwritable(dataDir)).rejects.toThrow(
				/cannot be made or written where it is: [^\n]*$/,
			);
		expect(can("umount", path)).toBe(true);
	});
