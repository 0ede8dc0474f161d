import pino from "pino";
import type { Environment } from "./environment";

/** A line for the log of the process; `line` is ours, never text that an agent wrote. */
export type Tell = (level: "info" | "warn" | "error", line: string, detail?: unknown) => void;

/** The log of the process: JSON lines on standard error. Standard output is for people. */
export function processLog(level: Environment["logLevel"]): Tell {
	const log = pino(
		{ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: facts } },
		// Synchronous: the last line before an end is the one that matters.
		pino.destination({ fd: 2, sync: true }),
	);
	return (level, line, detail) =>
		detail === undefined ? log[level](line) : log[level]({ error: detail }, line);
}

/** A database's error carries the row it failed on, so what is logged of an error is chosen, not everything it has. */
function facts(error: unknown) {
	if (!(error instanceof Error)) return { message: String(error) };
	const { name, message, stack } = error;
	return { name, code: (error as { code?: string }).code, message, stack };
}

/** An error as one line for the person who gave the command: no stack, no secrets. */
export function plainly(error: unknown): string {
	const { code, message, errors, cause } = error as Partial<AggregateError> & { code?: string };
	// Both addresses of "localhost" refused: the first reason is the reason.
	if (errors?.[0] && !message) return plainly(errors[0]);
	// A migration that fails quotes itself; why is behind it.
	if (cause) return plainly(cause);
	const line = (message ?? String(error)).split("\n")[0]!;
	switch (code) {
		case "ENOSPC":
			return `No space is left on the disk (${line})`;
		case "53100":
			return `No space is left on the database's disk (${line})`;
		case "ECONNREFUSED":
		case "ENOTFOUND":
		case "EAI_AGAIN":
		case "EHOSTUNREACH":
		case "ENETUNREACH":
		case "CONNECT_TIMEOUT":
		case "CONNECTION_CLOSED":
		case "ECONNRESET":
			return `The database cannot be reached (${line}): is DATABASE_URL right, and is the server running?`;
		case "28P01":
		case "28000":
			return `The database does not let us in (${line}): is DATABASE_URL right?`;
		case "3D000":
			return `The database server has no such database (${line}): make it with createdb, or correct DATABASE_URL`;
		case "EACCES":
		case "EPERM":
		case "EROFS":
		case "ENOTDIR":
			return `A file cannot be written or read (${line})`;
	}
	return line;
}
