/**
 * The message on the wire: its seven fields, the bytes that are signed, its id, and content apart from it.
 * PROTOCOL, "Message". No domain is known here: whether the payload and the tags make sense, operations judge.
 */
import { sha256Hex, utf8 } from "./bytes";
import { canonical, type Json } from "./json";

/** A JSON object; typed loosely, because operations read it through their own schemas. */
export type Payload = Record<string, unknown>;

/** What a signature covers, besides the exchange's key. */
export type Fields = {
	/** 64 hex, Ed25519 public key. */
	sender: string;
	tags: string[];
	payload: Payload;
	/** Ids of messages. */
	antecedents: string[];
	/** `YYYY-MM-DDTHH:mm:ss.sssZ`. */
	timestamp: string;
};

export type Message = Fields & {
	/** 64 hex, SHA-256 of the signing bytes. */
	id: string;
	/** 128 hex. */
	signature: string;
};

/** What stands in the log for a payload field named `content`: its length in UTF-8 bytes and its SHA-256 as hex. */
export type Detached = { bytes: number; sha256: string };

export type Content = Detached & { text: string };

/**
 * Takes the text out of a payload: every field named `content`, at any depth, whose value is a string becomes its
 * Detached form. A field named `content` that is anything else stays as it is (fields inside it are looked at like
 * any others): already detached, or else a matter for the operation's schema. `contents` lists each text once, in
 * the payload's order. The payload given is not changed; without content it is returned itself.
 */
export function detach(payload: Payload): { payload: Payload; contents: Content[] } {
	const contents = new Map<string, Content>();
	const detached = replaceContent(payload, (value) => {
		if (typeof value !== "string") return value;
		const bytes = utf8(value);
		const sha256 = sha256Hex(bytes);
		contents.set(sha256, { bytes: bytes.length, sha256, text: value });
		return { bytes: bytes.length, sha256 };
	});
	return { payload: detached, contents: [...contents.values()] };
}

/**
 * The message with each detached `content` replaced by the text `lookup` has for its hash, where it has one.
 * Same id, same signature: attaching changes nothing that is signed.
 */
export function attach<M extends { payload: Payload }>(
	message: M,
	lookup: (sha256: string) => string | undefined,
): M {
	const payload = replaceContent(message.payload, (value) =>
		isDetached(value) ? (lookup(value.sha256) ?? value) : value,
	);
	return payload === message.payload ? message : { ...message, payload };
}

/** The Detached values that stand in a payload, in its order: what must be known already for it to be accepted. */
export function detachedIn(payload: Payload): Detached[] {
	const found: Detached[] = [];
	replaceContent(payload, (value) => {
		if (isDetached(value)) found.push({ bytes: value.bytes, sha256: value.sha256 });
		return value;
	});
	return found;
}

export function isDetached(value: unknown): value is Detached {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const { bytes, sha256 } = value as Partial<Detached>;
	return (
		Object.keys(value).length === 2 &&
		typeof bytes === "number" &&
		Number.isSafeInteger(bytes) &&
		bytes >= 0 &&
		typeof sha256 === "string" &&
		HEX_64.test(sha256)
	);
}

/**
 * The bytes that `sender` signs: they name the exchange by its first key for ever, so that no signature made for
 * one exchange means anything to another. Content may be attached or detached: the bytes are the same.
 * Throws TypeError when the fields have no canonical form (NaN, a lone surrogate).
 */
export function signingBytes(exchangeKey: string, fields: Fields): Uint8Array {
	return utf8(`${PREFIX}${exchangeKey}\n${bodyOf(fields)}`);
}

/** 64 hex: the SHA-256 of the signing bytes. */
export function messageId(exchangeKey: string, fields: Fields): string {
	return sha256Hex(signingBytes(exchangeKey, fields));
}

/** All that the door wants of one message, hashing its content once. */
export function identify<M extends Fields>(
	exchangeKey: string,
	message: M,
): { message: M; contents: Content[]; bytes: Uint8Array; id: string } {
	const { payload, contents } = detach(message.payload);
	const detached = { ...message, payload };
	const bytes = signingBytes(exchangeKey, detached);
	return { message: detached, contents, bytes, id: sha256Hex(bytes) };
}

const PREFIX = "weekly-agent-exchange/1\n";

const decoder = new TextDecoder();

/** The body within signing bytes: what `bodyOf` would write again. */
export function bodyText(bytes: Uint8Array): string {
	return decoder.decode(bytes.subarray(bytes.indexOf(0x0a, PREFIX.length) + 1));
}

/**
 * What of the signing bytes is the message's own: the canonical JSON of its five signed fields, content detached.
 * With the exchange's key it is all that is needed to check id and signature again.
 */
export function bodyOf(fields: Fields): string {
	const { antecedents, sender, tags, timestamp } = fields;
	const { payload } = detach(fields.payload);
	// RFC 8785's order, written by hand; a test holds it to canonical().
	return (
		`{"antecedents":${canonical(antecedents)},"payload":${canonical(payload)},"sender":${canonical(sender)}` +
		`,"tags":${canonical(tags)},"timestamp":${canonical(timestamp)}}`
	);
}

function replaceContent(payload: Payload, replace: (value: unknown) => unknown): Payload {
	return replaced(payload, replace) as Payload;
}

/** Copies only what changes: most messages carry no content. */
function replaced(value: unknown, replace: (value: unknown) => unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) {
		let copy: unknown[] | undefined;
		for (let i = 0; i < value.length; i++) {
			const item: unknown = value[i];
			if (typeof item !== "object") continue;
			const next = replaced(item, replace);
			if (next !== item) {
				copy ??= value.slice();
				copy[i] = next;
			}
		}
		return copy ?? value;
	}
	let copy: Payload | undefined;
	const members = value as Payload;
	for (const key of Object.keys(members)) {
		const member = members[key];
		let next = key === "content" ? replace(member) : member;
		if (next === member) next = replaced(member, replace);
		if (next !== member) {
			copy ??= { ...members };
			copy[key] = next;
		}
	}
	return copy ?? value;
}

export type EnvelopeFault = "not-a-message" | "missing-field" | "unknown-field" | "ill-formed-field";

export type Judged<T> =
	| { ok: true; message: T }
	/** All are 400. `pointer` is a JSON pointer to the field at fault, "" for the message itself. */
	| { ok: false; code: EnvelopeFault; detail: string; pointer: string };

/**
 * Judges the form of a submitted message: exactly the seven fields, each as PROTOCOL writes it. Says nothing about
 * whether the id is the hash, the signature verifies, or the payload fits its operation.
 */
export function envelope(value: Json): Judged<Message> {
	return judged(value, ["id", "sender", "tags", "payload", "antecedents", "timestamp", "signature"]);
}

/** The same for a draft, which a dry run takes instead of a message: no id, no signature, no timestamp. */
export function draft(value: Json): Judged<Omit<Fields, "timestamp">> {
	return judged(value, ["sender", "tags", "payload", "antecedents"]);
}

const HEX_64 = /^[0-9a-f]{64}$/;

const FORMS: { [F in keyof Message]: { is: (value: Json) => boolean; form: string } } = {
	id: { is: (value) => matches(value, HEX_64), form: "64 lower-case hex digits" },
	sender: { is: (value) => matches(value, HEX_64), form: "64 lower-case hex digits" },
	tags: {
		is: (value) => Array.isArray(value) && value.every((tag) => typeof tag === "string"),
		form: "an array of strings",
	},
	payload: {
		is: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
		form: "an object",
	},
	antecedents: {
		is: (value) =>
			Array.isArray(value) &&
			value.every((id) => matches(id, HEX_64)) &&
			new Set(value).size === value.length,
		form: "an array of message ids, none twice",
	},
	timestamp: { is: isInstant, form: "an instant written YYYY-MM-DDTHH:mm:ss.sssZ" },
	signature: { is: (value) => matches(value, /^[0-9a-f]{128}$/), form: "128 lower-case hex digits" },
};

function judged<F extends keyof Message>(value: Json, fields: readonly F[]): Judged<Pick<Message, F>> {
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return { ok: false, code: "not-a-message", detail: "A message is a JSON object.", pointer: "" };
	}
	for (const field of fields) {
		if (!Object.hasOwn(value, field)) {
			return {
				ok: false,
				code: "missing-field",
				detail: `The field ${field} is missing.`,
				pointer: `/${field}`,
			};
		}
		if (!FORMS[field].is(value[field]!)) {
			const detail = `The field ${field} must be ${FORMS[field].form}.`;
			return { ok: false, code: "ill-formed-field", detail, pointer: `/${field}` };
		}
	}
	const unknown = Object.keys(value).find((key) => !(fields as readonly string[]).includes(key));
	if (unknown !== undefined) {
		return {
			ok: false,
			code: "unknown-field",
			detail: `A message has the fields ${fields.join(", ")} and no others.`,
			// A name of ordinary form is named; any other text of the sender's is not sent back.
			pointer: /^\w{1,64}$/.test(unknown) ? `/${unknown}` : "",
		};
	}
	return { ok: true, message: value as unknown as Pick<Message, F> };
}

function matches(value: Json, form: RegExp): boolean {
	return typeof value === "string" && form.test(value);
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Whether `value` is an instant that exists, written exactly as JavaScript's toISOString writes it. */
export function isInstant(value: Json): value is string {
	const [, year, month, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
	return day !== undefined && Number(day) > 0 && Number(day) <= daysOf(Number(year), Number(month));
}

/** Days of a month, 1 to 12; of any other none. */
function daysOf(year: number, month: number): number {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	if (month === 4 || month === 6 || month === 9 || month === 11) return 30;
	return month >= 1 && month <= 12 ? 31 : 0;
}
