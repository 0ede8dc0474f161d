import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
type Settings = Record<string, string>;

/** The product as its reader starts it: `npm start`'s own command, in a process of its own. */
export interface Started {
	url: string;
	/** Of the one-time link; undefined once there is a house operator. */
	claim: string | undefined;
	/** A place for files of the test's own, removed with the rest. */
	folder: string;
	dataDir: string;
	/** What it has told its reader so far: the lines of standard output. */
	lines(): string[];
	/** All that it has written on standard output and standard error. */
	said(): string;
	/** Runs another of package.json's scripts on the same data. */
	run(script: "verify" | "rebuild"): Promise<{ code: number | null; said: string }>;
	/** Ends it as Ctrl-C does, or by another signal; gives the exit code. */
	stop(signal?: "SIGINT" | "SIGTERM"): Promise<number | null>;
	/** Ends it as a crash does. */
	kill(): Promise<void>;
	/** Starts another process of it on the same data and at the same address. */
	again(settings?: Settings): Promise<Started>;
	/** Ends it and removes its data. */
	remove(): Promise<void>;
}

/** Starts on no data at all; resolves when the line is out that says where it is. */
export async function started(settings: Settings = {}): Promise<Started> {
	const folder = await mkdtemp(join(tmpdir(), "exchange-started-"));
	// Under root the database server is another user, who must get in here.
	await chmod(folder, 0o711);
	return startedIn(folder, { PORT: `${await freePort()}`, ...settings });
}

async function startedIn(folder: string, settings: Settings): Promise<Started> {
	const dataDir = join(folder, "data");
	const own = { DATA_DIR: dataDir, ...settings };
	const command = await launch("start", own);
	const [, url, claim] = await command.until(/Weekly Agent Exchange: (\S+)(?:.*#(\S+))?\n/);
	const stop = async (signal: "SIGINT" | "SIGTERM" = "SIGINT") => {
		command.child.kill(signal);
		return command.ended;
	};
	return {
		url: url!,
		claim,
		folder,
		dataDir,
		lines: () => command.out().trimEnd().split("\n"),
		said: command.said,
		async run(script) {
			const other = await launch(script, own);
			return { code: await other.ended, said: other.said() };
		},
		stop,
		async kill() {
			command.child.kill("SIGKILL");
			await command.ended;
		},
		again: (more) => startedIn(folder, { ...settings, ...more }),
		async remove() {
			await stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** One of package.json's scripts, from its first moment on. */
export async function launch(script: "start" | "verify" | "rebuild", settings: Settings) {
	const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
		scripts: Record<typeof script, string>;
	};
	const child = spawn(scripts[script], {
		cwd: ROOT,
		shell: true,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...environment(), ...settings },
	});
	const die = () => child.kill("SIGKILL");
	process.once("exit", die);
	let out = "";
	let text = "";
	const heard: (() => void)[] = [];
	for (const stream of [child.stdout!, child.stderr!])
		stream.setEncoding("utf8").on("data", (chunk: string) => {
			text += chunk;
			if (stream === child.stdout) out += chunk;
			for (const one of heard) one();
		});
	const ended = once(child, "close").then(([code]) => {
		process.off("exit", die);
		return code as number | null;
	});
	return {
		child,
		ended,
		out: () => out,
		said: () => text,
		/** What matches first; rejects with all that was said when the process ends without it. */
		until(pattern: RegExp): Promise<RegExpExecArray> {
			return new Promise((resolve, reject) => {
				const look = () => {
					const match = pattern.exec(text);
					if (match) resolve(match);
				};
				heard.push(look);
				look();
				ended.then((code) => reject(new Error(`npm run ${script} ended with ${code}:\n${text}`)));
			});
		},
	};
}

/** Nothing of what the tests themselves were started with reaches the product. */
function environment(): NodeJS.ProcessEnv {
	const { PATH, HOME, LANG, TMPDIR } = process.env;
	// Nor the demo story, but to the test that asks for it by an empty DEMO.
	return { NODE_ENV: "production", DEMO: "0", PATH, HOME, LANG, TMPDIR };
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as { port: number };
	server.close();
	await once(server, "close");
	return port;
}
