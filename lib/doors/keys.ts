import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { publicKey } from "../log/sign";

export const keyFile = (dataDir: string) => join(dataDir, "exchange.key");

/**
 * The exchange's private keys, the first one first: the one given and those in `<dataDir>/exchange.key`, one a line, each put there
 * before it was in force; the very first is made here, once. `log`: the key that names the exchange of the log, if that has
 * begun, and the one that signs for it today: they can be restored, never replaced.
 */
export async function exchangeKeys(
	dataDir: string,
	given?: string,
	log?: { key: string; signer: string },
): Promise<string[]> {
	const file = keyFile(dataDir);
	const kept = [...(given === undefined ? [] : [given]), ...(await keptIn(file))];
	if (log === undefined) return kept.length > 0 ? kept.slice(0, 1) : [await make(dataDir, file)];
	if (kept.length === 0)
		throw new Error(
			`The log in this database belongs to a key that is neither in ${file} nor given as EXCHANGE_KEY: bring that key back, or use another database`,
		);
	const held = kept.map(publicKey);
	const isAnothers = given !== undefined && ![log.key, log.signer].includes(held[0]!);
	if (isAnothers || !held.includes(log.signer))
		throw new Error(
			held.includes(log.key) && !isAnothers
				? `The exchange of the log in this database has changed its key since, and the new one is neither in ${file} nor given as EXCHANGE_KEY: bring that file back as npm run rotate-key left it`
				: `The log in this database belongs to another exchange key than the one in ${given ? "EXCHANGE_KEY" : file}: give its own, or use another database`,
		);
	return kept;
}

/** The same at this moment, for a process that runs while another changes the key. */
export function exchangeKeysNow(dataDir: string, given?: string): string[] {
	const file = keyFile(dataDir);
	let text = "";
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		if ((error as { code?: string }).code !== "ENOENT") throw error;
	}
	return [...(given === undefined ? [] : [given]), ...secretsIn(text, file)];
}

/** Makes the next key and keeps it beside the others, whole and on the disk before anything is signed with it. */
export async function addKey(dataDir: string): Promise<string> {
	const file = keyFile(dataDir);
	const secret = randomBytes(32).toString("hex");
	const draft = await written(dataDir, file, [...(await keptIn(file)), secret]);
	await rename(draft, file);
	return secret;
}

async function keptIn(file: string): Promise<string[]> {
	const text = await readFile(file, "utf8").catch((error) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	return text === undefined ? [] : secretsIn(text, file);
}

function secretsIn(text: string, file: string): string[] {
	if (text === "") return [];
	if (!/^[0-9a-f]{64}(\n[0-9a-f]{64})*\s*$/.test(text))
		throw new Error(`${file} holds no private key: 64 lower-case hex digits, one key a line`);
	return text.trim().split("\n");
}

async function make(dataDir: string, file: string): Promise<string> {
	const secret = randomBytes(32).toString("hex");
	const draft = await written(dataDir, file, [secret]);
	try {
		await link(draft, file);
		return secret;
	} catch (error) {
		// Another process was quicker: both must sign with the same key.
		if ((error as { code?: string }).code === "EEXIST") return (await keptIn(file))[0]!;
		throw error;
	} finally {
		await rm(draft, { force: true });
	}
}

/** A draft of the file, on the disk: it is to appear whole or not at all. */
async function written(dataDir: string, file: string, secrets: readonly string[]): Promise<string> {
	await mkdir(dataDir, { recursive: true });
	const draft = `${file}.${randomBytes(6).toString("hex")}`;
	const handle = await open(draft, "wx", 0o600);
	try {
		await handle.writeFile(`${secrets.join("\n")}\n`);
		await handle.sync();
	} finally {
		await handle.close();
	}
	return draft;
}
