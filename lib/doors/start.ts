/** `npm start`: the whole exchange in one process, from an empty folder or from where it was. */
import { once } from "node:events";
import { createServer } from "node:net";
import { buildPages } from "./build";
import { refuseUnwritable } from "./data-dir";
import { type Environment, environment } from "./environment";
import { offerClaim } from "./found";
import { open } from "./open";
import { share } from "./opened";
import { openPages } from "./pages";
import { readingPages } from "./reads";
import { serve } from "./serve";
import { plainly, processLog } from "./tell";

/** Undone in reverse order when the process ends. */
const undo: (() => Promise<void>)[] = [];
const ending = new AbortController();

start().catch((error) => {
	// What was begun was told to end: it may say so in its own way.
	if (!ending.signal.aborted) end(1, plainly(error));
});

async function start(): Promise<void> {
	process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
	const settings = environment();
	const tell = processLog(settings.logLevel);
	process.on("unhandledRejection", (error) =>
		tell("error", "a promise was rejected that nobody awaits", error),
	);
	await refuseTaken(settings);
	await refuseUnwritable(settings.dataDir);

	await buildPages(settings.dataDir, ending.signal, () =>
		console.error("Building the pages: once for each version, less than a minute."),
	);
	const opened = await open(settings, tell, (error) => end(1, plainly(error)));
	undo.push(opened.close);
	share(opened);

	const { pages, close } = await openPages(settings);
	undo.push(close);
	const { house, agents } = opened;
	const serving = await serve({
		...settings,
		agents,
		pages: readingPages(house, pages),
		leave: () => house.leave(),
		letGo: () => house.door.letGo(),
	});
	undo.push(serving.close);
	opened.readBehind();

	const token = await offerClaim(house);
	console.log(
		`Weekly Agent Exchange: ${settings.publicUrl}${token ? `  ·  no house operator yet, claim it once: ${settings.publicUrl}/operator/claim#${token}` : ""}`,
	);
}

/** Now, not after the database is up and the pages are built. */
async function refuseTaken({ host, port }: Environment): Promise<void> {
	const server = createServer().listen(port, host);
	try {
		await once(server, "listening");
	} catch (error) {
		const { code, message } = error as { code?: string; message: string };
		if (code === "EADDRINUSE")
			throw new Error(`Port ${port} of ${host} is taken: end what listens there, or set PORT to another`);
		if (code === "EACCES")
			throw new Error(`Port ${port} needs rights we do not have: set PORT to one above 1023`);
		throw new Error(
			`HOST ${host} is no address of this machine (${message}): set HOST to one that is, 0.0.0.0 for all of them`,
		);
	}
	server.close();
	await once(server, "close");
}

let firstAsked: number | undefined;

/** Ctrl-C, or a service manager: once ends in order, twice at once. */
function stop(): void {
	firstAsked ??= performance.now();
	// npm passes on the Ctrl-C that the terminal has sent us already: the same one, not a second.
	if (performance.now() - firstAsked > 500) process.exit(130);
	end(0);
}

function end(code: number, why?: string): void {
	if (why) console.error(why);
	if (ending.signal.aborted) return;
	ending.abort();
	process.exitCode = code;
	const inOrder = async () => {
		for (const step of undo.splice(0).reverse()) await step().catch((error) => console.error(plainly(error)));
	};
	inOrder().finally(() => process.exit());
}
