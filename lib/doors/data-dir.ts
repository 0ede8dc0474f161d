import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Now, in our own words, and not as the failure of whatever comes first to write there. The try is large enough that
 * a disk without a free block refuses it.
 */
export async function refuseUnwritable(dataDir: string): Promise<void> {
	const tried = join(dataDir, `.writable-${process.pid}`);
	try {
		await mkdir(dataDir, { recursive: true });
		await writeFile(tried, Buffer.alloc(65_536));
	} catch (error) {
		throw new Error(`DATA_DIR ${dataDir} ${reason(error as { code?: string; message: string })}`);
	} finally {
		await rm(tried, { force: true }).catch(() => {});
	}
}

function reason({ code, message }: { code?: string; message: string }): string {
	switch (code) {
		case "EEXIST":
		case "ENOTDIR":
			return "is a file or would be inside of one: set DATA_DIR to a folder";
		case "EACCES":
		case "EPERM":
			return "may not be written by this user: give it to this user, or set DATA_DIR to a folder that is its own";
		case "EROFS":
		// What node makes of it when the folder's folder is missing too.
		case "ENOENT":
			return "cannot be made or written where it is: set DATA_DIR to a folder on a disk that is not read-only";
		case "ENOSPC":
		case "EDQUOT":
			return "has no space left on its disk: free some and start again, or set DATA_DIR to a folder on another";
	}
	return `cannot be written (${message}): set DATA_DIR to another folder`;
}
