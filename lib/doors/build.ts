import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

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

/**
 * Builds the pages when there is no build, or it is not of these sources; `begin` is called when it does. What the
 * builder says is in `<dataDir>/build.log` when it fails.
 */
export async function buildPages(dataDir: string, signal: AbortSignal, begin: () => void): Promise<void> {
	const digest = await digestOfSources();
	if ((await readFile(STAMP, "utf8").catch(() => "")) === digest) return;
	begin();
	await mkdir(dataDir, { recursive: true });
	const path = join(dataDir, "build.log");
	const log = await open(path, "w");
	try {
		const next = spawn(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
			cwd: ROOT,
			stdio: ["ignore", log.fd, log.fd],
			env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
			signal,
		});
		const [code] = await once(next, "exit", { signal });
		if (code !== 0) throw new Error(`The pages could not be built: see ${path}`);
	} finally {
		await log.close();
	}
	await writeFile(STAMP, digest);
	await rm(path);
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
