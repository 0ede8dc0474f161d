import { describe, expect, test } from "vitest";
import { environment } from "./environment";

describe("the settings of a process", () => {
	test("are all there when none is given", () => {
		expect(environment({})).toMatchObject({
			host: "127.0.0.1",
			port: 3000,
			publicUrl: "http://127.0.0.1:3000",
			treasuryFloatScrip: 1_000_000,
			operators: [],
			logLevel: "warn",
		});
	});

	test("count as not given when they are empty, as in a file of settings", () => {
		expect(environment({ PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 3000, databaseUrl: undefined });
	});

	test("name an address that a reader can open, wherever the process listens", () => {
		expect(environment({ HOST: "0.0.0.0", PORT: "80" }).publicUrl).toBe("http://localhost:80");
		expect(environment({ HOST: "::1" }).publicUrl).toBe("http://[::1]:3000");
		expect(environment({ PUBLIC_URL: "https://exchange.example/" }).publicUrl).toBe(
			"https://exchange.example",
		);
	});

	test("name the proxies that are trusted, and none that is no address", () => {
		expect(environment({}).proxies).toBeUndefined();
		expect(environment({ TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8" }).proxies?.check("10.9.8.7")).toBe(true);
		expect(() => environment({ TRUSTED_PROXIES: "127.0.0.1, proxy.example" })).toThrow(
			/^TRUSTED_PROXIES .*10/,
		);
	});

	test("give the demo story to an empty embedded database, and to a PostgreSQL of somebody's own only when asked", () => {
		const DATABASE_URL = "postgres://me@host/db";
		expect(environment({}).demo).toBe(true);
		expect(environment({ DEMO: "0" }).demo).toBe(false);
		expect(environment({ DATABASE_URL }).demo).toBe(false);
		expect(environment({ DATABASE_URL, DEMO: "1" }).demo).toBe(true);
	});

	test("mirror the board to relays with a key for them, and with both or not at all", () => {
		const NOSTR_KEY = "1".repeat(64);
		expect(environment({}).nostr).toBeUndefined();
		expect(environment({ NOSTR_RELAYS: "wss://a.example, ws://b.example:7777 ", NOSTR_KEY }).nostr).toEqual({
			relays: ["wss://a.example", "ws://b.example:7777"],
			key: NOSTR_KEY,
		});
		for (const [settings, at] of [
			[{ NOSTR_KEY }, "NOSTR_RELAYS"],
			[{ NOSTR_RELAYS: "wss://a.example" }, "NOSTR_KEY"],
			[{ NOSTR_RELAYS: "https://a.example", NOSTR_KEY }, "NOSTR_RELAYS"],
			[{ NOSTR_RELAYS: "wss://me:word@a.example", NOSTR_KEY }, "NOSTR_RELAYS"],
			[{ NOSTR_RELAYS: "wss://a.example", NOSTR_KEY: "0".repeat(64) }, "NOSTR_KEY"],
		] as const)
			expect(() => environment(settings)).toThrow(at);
	});

	test("are refused together, each by name", () => {
		expect(() => environment({ PORT: "70000", TREASURY_FLOAT: "1e6", CLOCK_START: "Monday" })).toThrow(
			/^PORT .*; TREASURY_FLOAT .*; CLOCK_START [^\n]*$/,
		);
	});

	test("are never quoted: a mistyped secret does not reach the terminal's scrollback", () => {
		const secrets = {
			EXCHANGE_KEY: "hunter2",
			NOSTR_KEY: "hunter2",
			NOSTR_RELAYS: "wss://me:hunter2@host",
			DATABASE_URL: "mysql://me:hunter2@host/db",
			OPERATORS: "hunter2",
			PUBLIC_URL: "https://me:hunter2@host/",
		};
		for (const [name, value] of Object.entries(secrets)) {
			const read = () => environment({ [name]: value });
			expect(read).toThrow(name);
			expect(read).not.toThrow("hunter2");
		}
	});

	test("take no house operator for whom nobody can sign", () => {
		const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
		expect(environment({ OPERATORS: ` ${key},` }).operators).toEqual([key]);
		// Of small order: one signature would fit any message.
		expect(() => environment({ OPERATORS: `01${"00".repeat(31)}` })).toThrow("OPERATORS");
	});
});
