/** What `client.mjs` is: the client to import, and the shell's when node is told to run it. */
import { shell } from "./shell";

export * from "./index";

const { process } = globalThis as { process?: NodeJS.Process };
if (process?.argv?.[1] && import.meta.url.startsWith("file:")) {
	const { realpathSync } = await import("node:fs");
	const { fileURLToPath } = await import("node:url");
	if (realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
		process.exitCode = await shell(process.argv.slice(2), console.log, console.error);
	}
}
