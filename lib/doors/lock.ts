import { execFile } from "node:child_process";
import { readFile, readlink, rm, symlink } from "node:fs/promises";
import { promisify } from "node:util";

/** Whether the lock is ours now: a link that says who we are. That of a process that died is removed, for the next try. */
export async function takeLock(lock: string): Promise<boolean> {
	try {
		// A link rather than a file: it is there with what it says or not at all.
		await symlink(await identityOf(process.pid), lock);
		return true;
	} catch (error) {
		if ((error as { code?: string }).code !== "EEXIST") throw error;
	}
	const holder = await readlink(lock).catch(() => "");
	if (holder !== (await identityOf(Number.parseInt(holder, 10)))) await rm(lock, { force: true });
	return false;
}

/**
 * A process as nobody else will be called: in a container that is started anew the number of the one before belongs to
 * somebody else, or to ourselves. Empty when there is no such process.
 */
async function identityOf(pid: number): Promise<string> {
	if (!(pid > 0)) return "";
	const fields = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	// After the name, which may hold anything, the start is the twentieth (proc(5)).
	const started = fields.slice(fields.lastIndexOf(")") + 2).split(" ")[19] ?? (await startedBy(pid));
	return started && `${pid} ${started}`;
}

/** Where there is no /proc. */
async function startedBy(pid: number): Promise<string> {
	const asked = promisify(execFile)("ps", ["-o", "lstart=", "-p", `${pid}`]);
	return asked.then(({ stdout }) => stdout.trim()).catch(() => "");
}
