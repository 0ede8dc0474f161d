import type { RequestListener } from "node:http";
import { ROOT } from "./build";
import type { Environment } from "./environment";

/** Next, in this process, with the pages that are built; everything else of it stays outside lib. */
export async function openPages({
	host,
	port,
}: Pick<Environment, "host" | "port">): Promise<{ pages: RequestListener; close(): Promise<void> }> {
	Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
	const { default: next } = await import("next");
	const app = next({ dev: false, dir: ROOT, hostname: host, port, quiet: true });
	// It tells how long it took to read its settings; standard output is for the start's one line.
	const { log } = console;
	console.log = () => {};
	await app.prepare();
	console.log = log;
	return { pages: app.getRequestHandler(), close: () => app.close() };
}
