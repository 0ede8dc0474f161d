import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { takeLock } from "./lock";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** All that a build may depend on. */
const SOURCES = [
	"app",
	"components",
	"db/schema",
	"lib",
	"public",
	"next.config.mjs",
	"package-lock.json",
	"package.json",
	"tsconfig.json",
];
/** In the build: the digest of the sources it was made from. */
const STAMP = join(ROOT, ".next", "sources.sha256");

/** Who is building. In the one folder of a build that Next does not clear. */
const LOCK = join(ROOT, ".next", "cache", "building");

/**
 * Builds the pages when there is no build, or it is not of these sources; `begin` is called when it does. What the
 * builder says is in `<dataDir>/build.log` when it fails.
 */
export async function buildPages(dataDir: string, signal: AbortSignal, begin: () => void): Promise<void> {
	const digest = await digestOfSources();
	const built = async () => (await readFile(STAMP, "utf8").catch(() => "")) === digest;
	if (await built()) return;
	begin();
	await mkdir(dirname(LOCK), { recursive: true });
	while (!(await takeLock(LOCK))) await sleep(200, undefined, { signal });
	try {
		// Of two starts at once, the second has waited for the first one's build.
		if (await built()) return;
		// A build that is cut off is no build.
		await rm(STAMP, { force: true });
		await runNext(dataDir, signal);
		await writeFile(STAMP, digest);
	} finally {
		await rm(LOCK, { force: true });
	}
}

async function runNext(dataDir: string, signal: AbortSignal): Promise<void> {
	await mkdir(dataDir, { recursive: true });
	const said = join(dataDir, "build.log");
	const log = await open(said, "w");
	try {
		const next = spawn(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
			cwd: ROOT,
			stdio: ["ignore", log.fd, log.fd],
			env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
			signal,
		});
		const [code] = await once(next, "exit", { signal });
		if (code !== 0) throw new Error(`The pages could not be built: see ${said}`);
	} finally {
		await log.close();
	}
	await rm(said);
}

async function digestOfSources(): Promise<string> {
	const hash = createHash("sha256");
	for (const path of (await Promise.all(SOURCES.map(filesOf))).flat().sort()) {
		const content = await readFile(path);
		hash.update(`${relative(ROOT, path)}\0${content.length}\0`).update(content);
	}
	return hash.digest("hex");
}

/** The files of a folder at any depth, or the file itself; none when there is nothing by that name. */
async function filesOf(source: string): Promise<string[]> {
	const path = join(ROOT, source);
	try {
		const inside = await readdir(path, { recursive: true, withFileTypes: true });
		return inside
			.filter((entry) => entry.isFile() && !entry.name.includes(".test."))
			.map(({ parentPath, name }) => join(parentPath, name));
	} catch (error) {
		const { code } = error as { code?: string };
		if (code === "ENOENT") return [];
		if (code === "ENOTDIR") return [path];
		throw error;
	}
}
