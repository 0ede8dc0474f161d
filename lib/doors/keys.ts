import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { publicKey } from "../log/sign";

/**
 * The exchange's private key: the one given, else the one in `<dataDir>/exchange.key`, made there once. `logKey` is
 * the public key that the log names, if it has begun: its own key can be restored, never replaced.
 */
export async function exchangeKey(dataDir: string, given?: string, logKey?: string): Promise<string> {
	const file = join(dataDir, "exchange.key");
	const secret =
		given ?? (await kept(file)) ?? (logKey === undefined ? await make(dataDir, file) : undefined);
	if (secret === undefined)
		throw new Error(
			`The log in this database belongs to a key that is neither in ${file} nor given as EXCHANGE_KEY: bring that key back, or use another database`,
		);
	if (logKey !== undefined && publicKey(secret) !== logKey)
		throw new Error(
			`The log in this database belongs to another exchange key than the one in ${given ? "EXCHANGE_KEY" : file}: give its own, or use another database`,
		);
	return secret;
}

async function kept(file: string): Promise<string | undefined> {
	const text = await readFile(file, "utf8").catch((error) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (text === undefined) return undefined;
	if (!/^[0-9a-f]{64}\s*$/.test(text))
		throw new Error(`${file} holds no private key: 64 lower-case hex digits`);
	return text.trim();
}

async function make(dataDir: string, file: string): Promise<string> {
	await mkdir(dataDir, { recursive: true });
	const secret = randomBytes(32).toString("hex");
	const draft = `${file}.${randomBytes(6).toString("hex")}`;
	const handle = await open(draft, "wx", 0o600);
	try {
		await handle.writeFile(`${secret}\n`);
		// It is on the disk before anything is signed with it, and appears whole or not at all.
		await handle.sync();
		await link(draft, file);
		return secret;
	} catch (error) {
		// Another process was quicker: both must sign with the same key.
		if ((error as { code?: string }).code === "EEXIST") return (await kept(file))!;
		throw error;
	} finally {
		await handle.close();
		await rm(draft, { force: true });
	}
}
