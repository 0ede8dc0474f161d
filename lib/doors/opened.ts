import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Opened } from "./open";

/** Next's bundle and the start command are two module graphs in one process: what both know hangs here. */
const shared = globalThis as { weeklyAgentExchange?: Promise<Opened> };

/** The start command's own house, for pages and Next's copy of the API. */
export function share(opened: Opened): void {
	shared.weeklyAgentExchange = Promise.resolve(opened);
}

/**
 * The house of this process. Under `next start` or `next dev` nobody has opened one, so the first request does, and
 * one that fails is tried again by the next.
 */
export function opened(): Promise<Opened> {
	shared.weeklyAgentExchange ??= openAlone().catch((error) => {
		shared.weeklyAgentExchange = undefined;
		throw error;
	});
	return shared.weeklyAgentExchange;
}

/**
 * Through tsx and not through Next's bundler: the machine starts threads and reads migrations and sources by paths
 * beside its own files, which a bundle would not have.
 */
async function openAlone(): Promise<Opened> {
	const { tsImport } = await import("tsx/esm/api");
	const load = (file: string) => {
		const root = pathToFileURL(join(process.cwd(), "/")).href;
		return tsImport(`./lib/doors/${file}`, root);
	};
	const { open } = (await load("open.ts")) as typeof import("./open");
	const { environment } = (await load("environment.ts")) as typeof import("./environment");
	const { processLog } = (await load("tell.ts")) as typeof import("./tell");
	const settings = environment();
	const tell = processLog(settings.logLevel);
	return open(settings, tell, (error) => tell("error", "the database is gone", error));
}
