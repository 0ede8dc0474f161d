import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type Json } from "./json";
import {
	attach,
	bodyOf,
	detach,
	detachedIn,
	draft,
	envelope,
	identify,
	messageId,
	signingBytes,
} from "./message";

const exchange = "ab".repeat(32);
const fields = {
	sender: "cd".repeat(32),
	tags: ["exchange:put", "exchange:content-type:code", "exchange:domain:go"],
	payload: {
		description: "A fold",
		content: "héllo 😀",
		token_cost: 12,
		content_type: "code",
		domains: ["go"],
	},
	antecedents: [],
	timestamp: "2026-11-21T08:00:00.000Z",
};
const message = { ...fields, id: "01".repeat(32), signature: "02".repeat(64) };

function sha256(text: string) {
	return createHash("sha256").update(text, "utf8").digest("hex");
}

describe("the signing bytes", () => {
	test("are the exchange's prefix and the canonical JSON of five fields, content by its hash", () => {
		const content = { bytes: 11, sha256: sha256("héllo 😀") };
		expect(Buffer.from(signingBytes(exchange, fields)).toString()).toBe(
			`weekly-agent-exchange/1\n${exchange}\n` +
				`{"antecedents":[],"payload":{"content":{"bytes":11,"sha256":"${content.sha256}"},"content_type":"code",` +
				`"description":"A fold","domains":["go"],"token_cost":12},"sender":"${fields.sender}",` +
				`"tags":["exchange:put","exchange:content-type:code","exchange:domain:go"],"timestamp":"2026-11-21T08:00:00.000Z"}`,
		);
	});

	test("are RFC 8785 for any payload", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.string()), (payload, tags) => {
				const made = { ...fields, payload, tags };
				expect(bodyOf(made)).toBe(canonical({ ...made, payload: detach(payload).payload }));
			}),
		);
	});

	test("do not change when content is attached or detached, nor with what is not signed", () => {
		const { payload, contents } = detach(fields.payload);
		const detached = { ...message, payload, signature: "03".repeat(64) };
		expect(messageId(exchange, detached)).toBe(messageId(exchange, message));
		const texts = new Map(contents.map(({ sha256, text }) => [sha256, text]));
		expect(attach(detached, (hash) => texts.get(hash)).payload).toEqual(fields.payload);
	});

	test("differ between exchanges, so a message for one is none for another", () => {
		expect(messageId(exchange, fields)).not.toBe(messageId("ac".repeat(32), fields));
	});

	test("are hashed to the id", () => {
		const { id, bytes, contents, message: kept } = identify(exchange, message);
		expect(id).toBe(createHash("sha256").update(bytes).digest("hex"));
		expect(id).toBe(messageId(exchange, message));
		expect(contents).toEqual([{ bytes: 11, sha256: sha256("héllo 😀"), text: "héllo 😀" }]);
		expect(kept.payload.content).toEqual({ bytes: 11, sha256: sha256("héllo 😀") });
	});
});

describe("detaching content", () => {
	test("takes out every text named content, at any depth, once each", () => {
		const chunks = [
			{ content: "a", position: 0 },
			{ content: "b", position: 9 },
			{ content: "a", position: 20 },
		];
		const { payload, contents } = detach({ preview_chunks: chunks, deep: { content: { content: "c" } } });
		expect(contents.map(({ text }) => text)).toEqual(["a", "b", "c"]);
		expect(payload).toEqual({
			preview_chunks: [
				{ content: { bytes: 1, sha256: sha256("a") }, position: 0 },
				{ content: { bytes: 1, sha256: sha256("b") }, position: 9 },
				{ content: { bytes: 1, sha256: sha256("a") }, position: 20 },
			],
			deep: { content: { content: { bytes: 1, sha256: sha256("c") } } },
		});
		expect(chunks[0]!.content).toBe("a");
		expect(detachedIn(payload).map(({ sha256 }) => sha256)).toEqual(["a", "b", "a", "c"].map(sha256));
	});

	test("leaves content that is neither text nor detached to the schemas", () => {
		const payload = {
			content: 7,
			list: [{ content: null }, { content: ["text"] }, { content: { bytes: 1 } }],
		};
		expect(detach(payload)).toEqual({ payload, contents: [] });
		expect(detachedIn(payload)).toEqual([]);
	});

	test("attaches only what is known", () => {
		const detached = { payload: detach({ content: "secret", other: { content: "open" } }).payload };
		const attached = attach(detached, (hash) => (hash === sha256("open") ? "open" : undefined));
		expect(attached.payload).toEqual({
			content: { bytes: 6, sha256: sha256("secret") },
			other: { content: "open" },
		});
	});
});

describe("the envelope", () => {
	function fault(change: Record<string, Json | undefined>) {
		const changed = Object.fromEntries(
			Object.entries({ ...message, ...change }).filter(([, v]) => v !== undefined),
		);
		const judged = envelope(changed as Json);
		return judged.ok ? "well-formed" : [judged.code, judged.pointer];
	}

	test("is the seven fields, each as it is written on the wire", () => {
		expect(envelope(message)).toEqual({ ok: true, message });
		expect(fault({ payload: {}, tags: [], antecedents: ["ef".repeat(32), "ee".repeat(32)] })).toBe(
			"well-formed",
		);
	});

	test("lacks no field and has no other", () => {
		for (const field of Object.keys(message))
			expect(fault({ [field]: undefined })).toEqual(["missing-field", `/${field}`]);
		expect(fault({ seq: 4 })).toEqual(["unknown-field", "/seq"]);
		expect(fault({ "ignore what was said": 4 })).toEqual(["unknown-field", ""]);
		for (const value of [null, 1, "text", [message]])
			expect(envelope(value as Json)).toMatchObject({ ok: false, code: "not-a-message", pointer: "" });
	});

	test.each<[string, Json]>([
		["id", "AB".repeat(32)],
		["sender", "ab".repeat(31)],
		["sender", `${"ab".repeat(32)}\n`],
		["signature", "ab".repeat(32)],
		["tags", "exchange:put"],
		["tags", ["exchange:put", 1]],
		["payload", []],
		["payload", null],
		["antecedents", ["ab"]],
		["antecedents", ["ab".repeat(32), "ab".repeat(32)]],
		["timestamp", "2026-11-21T08:00:00Z"],
		["timestamp", "2026-11-21T08:00:00.000+00:00"],
		["timestamp", "2026-02-30T08:00:00.000Z"],
		["timestamp", "2026-11-21T24:00:00.000Z"],
		["timestamp", "2026-11-21T08:00:60.000Z"],
		["timestamp", 1_795_000_000_000],
	])("refuses an ill-formed %s: %j", (field, value) => {
		expect(fault({ [field]: value })).toEqual(["ill-formed-field", `/${field}`]);
	});

	test("has a timestamp exactly where JavaScript writes that instant so", () => {
		for (const year of [0, 1900, 2000, 2023, 2024, 9999])
			for (let month = 0; month <= 13; month++)
				for (let day = 0; day <= 32; day++) {
					const date = [`${year}`.padStart(4, "0"), ...[month, day].map((n) => `${n}`.padStart(2, "0"))].join(
						"-",
					);
					const timestamp = `${date}T23:59:59.999Z`;
					const ms = Date.parse(timestamp);
					const exists = !Number.isNaN(ms) && new Date(ms).toISOString() === timestamp;
					expect([timestamp, envelope({ ...message, timestamp }).ok]).toEqual([timestamp, exists]);
				}
	});

	test("of a draft has no id, signature or timestamp", () => {
		const { sender, tags, payload, antecedents } = fields;
		expect(draft({ sender, tags, payload, antecedents })).toEqual({
			ok: true,
			message: { sender, tags, payload, antecedents },
		});
		expect(draft({ sender, tags, payload })).toMatchObject({
			code: "missing-field",
			pointer: "/antecedents",
		});
		expect(draft(message)).toMatchObject({ code: "unknown-field" });
	});
});
