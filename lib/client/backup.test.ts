import { describe, expect, test } from "vitest";
import { backup, restore } from "./backup";
import { newKey } from "./compose";

const ada = { ...newKey(), name: "Ada's laptop" };

describe("a backup of a key", () => {
	test("gives the key and its name back to who knows the passphrase", async () => {
		const file = await backup(ada, "four words of mine");
		expect(file).not.toContain(ada.secret);
		expect(await restore(file, "four words of mine")).toEqual(ada);
	});

	test("takes the passphrase as it is meant, however the keyboard composes it", async () => {
		const file = await backup(ada, "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e");
		expect(await restore(file, "cafe\u0301 cre\u0300me bru\u0302le\u0301e")).toEqual(ada);
	});

	test("is not opened by another passphrase, nor when it says another key", async () => {
		const file = await backup(ada, "four words of mine");
		expect(await restore(file, "four words of yours")).toBe("wrong-passphrase");
		expect(await restore(file.replace(ada.key, newKey().key), "four words of mine")).toBe("wrong-passphrase");
		expect(await restore(file, "")).toBe("passphrase-needed");
	});

	test("asks for no more memory than we chose, whatever the file says", async () => {
		const file = await backup(ada, "four words of mine");
		expect(await restore(file.replace('"N": 131072', '"N": 1073741824'), "x")).toBe("not-a-backup");
	});

	test("may be what the client wrote", async () => {
		const { secret, key } = newKey();
		expect(await restore(JSON.stringify({ secret, key }), "")).toEqual({ secret, key, name: undefined });
		expect(await restore(JSON.stringify({ secret, key: ada.key }), "")).toBe("not-a-backup");
	});

	test("is nothing else", async () => {
		for (const text of [
			"",
			"{}",
			"null",
			"[1]",
			"key",
			'{"secret": "00"}',
			'{"kind": "weekly-agent-exchange/1/key"}',
		])
			expect(await restore(text, "x")).toBe("not-a-backup");
	});
});
