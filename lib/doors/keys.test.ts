import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publicKey } from "../log/sign";
import { addKey, exchangeKeys, exchangeKeysNow } from "./keys";

/** The first of them, of a log that has begun under `key`. */
const exchangeKey = async (folder: string, given?: string, key?: string) =>
	(await exchangeKeys(folder, given, key === undefined ? undefined : { key, signer: key }))[0]!;

const GIVEN = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "exchange-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the exchange's key", () => {
	test("is made once, for the owner's eyes alone, and is the same ever after", async () => {
		const key = await exchangeKey(folder);
		expect(key).toMatch(/^[0-9a-f]{64}$/);
		expect((await stat(join(folder, "exchange.key"))).mode & 0o777).toBe(0o600);
		expect(await exchangeKey(folder)).toBe(key);
		expect(await exchangeKey(folder, undefined, publicKey(key))).toBe(key);
	});

	test("is one when two processes start at once", async () => {
		const keys = await Promise.all([exchangeKey(folder), exchangeKey(folder)]);
		expect(new Set(keys).size).toBe(1);
		expect(await readdir(folder)).toEqual(["exchange.key"]);
	});

	test("is the one given, and then none is kept", async () => {
		expect(await exchangeKey(folder, GIVEN)).toBe(GIVEN);
		expect(await readdir(folder)).toEqual([]);
	});

	test("is not made anew for a log that has one: what was lost must be brought back", async () => {
		await expect(exchangeKey(folder, undefined, publicKey(GIVEN))).rejects.toThrow("bring that key back");
		expect(await readdir(folder)).toEqual([]);
	});

	test("is refused when the log belongs to another, and is not named by its secret", async () => {
		const own = await exchangeKey(folder);
		const refused = expect(exchangeKey(folder, GIVEN, publicKey(own))).rejects;
		await refused.toThrow("EXCHANGE_KEY");
		await expect(exchangeKey(folder, undefined, publicKey(GIVEN))).rejects.toThrow("another exchange key");
	});

	test("is not overwritten when the file holds something else", async () => {
		await writeFile(join(folder, "exchange.key"), "not a key");
		await expect(exchangeKey(folder)).rejects.toThrow("holds no private key");
		expect(await readFile(join(folder, "exchange.key"), "utf8")).toBe("not a key");
	});

	test("is kept beside the next one, which is there before it signs anything", async () => {
		const first = await exchangeKey(folder);
		const next = await addKey(folder);
		const log = { key: publicKey(first), signer: publicKey(next) };
		expect(await exchangeKeys(folder, undefined, log)).toEqual([first, next]);
		expect(await exchangeKeys(folder, first, log)).toEqual([first, first, next]);
		expect(exchangeKeysNow(folder)).toEqual([first, next]);
		expect((await stat(join(folder, "exchange.key"))).mode & 0o777).toBe(0o600);
		expect(await readdir(folder)).toEqual(["exchange.key"]);
	});

	test("that signs today must be there: the one it began with is not enough", async () => {
		const first = await exchangeKey(folder);
		const log = { key: publicKey(first), signer: publicKey(GIVEN) };
		await expect(exchangeKeys(folder, undefined, log)).rejects.toThrow("has changed its key since");
		expect(await exchangeKeys(folder, GIVEN, log)).toEqual([GIVEN, first]);
	});
});
