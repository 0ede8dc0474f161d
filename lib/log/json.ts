/**
 * The JSON that messages are made of: read strictly, written canonically. PROTOCOL, "JSON" and "Signing bytes".
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export type JsonFault =
	| "not-utf8"
	| "byte-order-mark"
	| "not-json"
	| "too-deep"
	| "too-many-members"
	| "duplicate-key"
	| "proto-key"
	| "lone-surrogate"
	| "null-character"
	| "number-out-of-range";

/** `detail` is a sentence of ours: it never repeats what was sent. `pointer` is a JSON pointer (RFC 6901). */
export type Fault = { ok: false; code: JsonFault; detail: string; pointer?: string };

export type Parsed = { ok: true; value: Json } | Fault;

/** Containers inside one another, the outermost counting as one. */
export const MAX_DEPTH = 16;

/**
 * Object members in one text. The largest message that a schema admits has some 3,000; V8 hashes keys that look
 * like integers predictably, so megabytes of chosen keys would hold the process for minutes.
 */
export const MAX_MEMBERS = 20_000;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads one JSON text, or says what is wrong with it; never throws.
 *
 * Refused besides bad syntax: bytes that are not UTF-8, a byte order mark, a key twice in one object, the key
 * `__proto__`, lone surrogates and U+0000 in any string or key, numbers beyond ±(2^53−1) (so infinities too),
 * more than MAX_DEPTH containers inside one another. Fractions pass: schemas say where one may stand.
 * `-0` is read as 0, because RFC 8785 signs it as 0 and what is judged must be what was signed.
 */
export function parseStrict(input: Uint8Array | string): Parsed {
	let text: string;
	if (typeof input === "string") {
		text = input;
	} else {
		try {
			text = strict.decode(input);
		} catch {
			return fault("not-utf8", "The text is not UTF-8.");
		}
	}
	if (text.charCodeAt(0) === 0xfeff)
		return fault("byte-order-mark", "The text begins with a byte order mark.");

	// Depth and number of members are bounded before the parser allocates anything for them.
	const { depth, members } = survey(text);
	if (depth > MAX_DEPTH) return fault("too-deep", `Values are nested more than ${MAX_DEPTH} deep.`);
	if (members > MAX_MEMBERS)
		return fault("too-many-members", `The text has more than ${MAX_MEMBERS} members.`);

	let value: Json;
	try {
		value = JSON.parse(text) as Json;
	} catch (error) {
		const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec((error as Error).message)?.[1];
		return fault(
			"not-json",
			position ? `The text is not JSON: see character ${position}.` : "The text is not JSON.",
		);
	}

	const walk = new Walk(typeof input === "string" || text.includes("\\u"));
	value = walk.judge(value);
	if (walk.fault) return walk.fault;
	// A parser keeps one of two equal keys, so fewer keys in the value than colons in the text means a duplicate.
	if (walk.members !== members) {
		return fault("duplicate-key", "A key stands twice in one object.", duplicate(text));
	}
	return { ok: true, value };
}

/**
 * RFC 8785 canonical JSON of `value`. Keys stand in the order of their UTF-16 code units, strings and numbers as
 * JSON.stringify writes them, which is the form the RFC demands. Members that are undefined are left out, as in
 * JSON.stringify. Throws TypeError on what has no canonical form: NaN, infinities, lone surrogates, functions.
 */
export function canonical(value: unknown): string {
	switch (typeof value) {
		case "string":
			return quote(value);
		case "number":
			if (!Number.isFinite(value)) throw new TypeError("A number that is not finite has no JSON form.");
			return `${value}`;
		case "boolean":
			return value ? "true" : "false";
		case "object":
			break;
		default:
			throw new TypeError(`A ${typeof value} has no JSON form.`);
	}
	if (value === null) return "null";
	if (Array.isArray(value)) {
		let text = "[";
		for (let i = 0; i < value.length; i++) text += (i ? "," : "") + canonical(value[i]);
		return `${text}]`;
	}
	const members = value as Record<string, unknown>;
	let text = "";
	for (const key of Object.keys(members).sort()) {
		const member = members[key];
		if (member !== undefined) text += `${text ? "," : ""}${quote(key)}:${canonical(member)}`;
	}
	return `{${text}}`;
}

// Most strings of a message (keys, ids, tags) need no escape: testing is quicker than a call of JSON.stringify.
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function quote(text: string): string {
	if (text.length < 256 && PLAIN.test(text)) return `"${text}"`;
	if (!isWellFormed(text)) throw new TypeError("A lone surrogate has no UTF-8 form.");
	return JSON.stringify(text);
}

/** Whether every surrogate in `text` has its pair, so that it has a UTF-8 form. */
export function isWellFormed(text: string): boolean {
	const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
	return native ? native.call(text) : !/\p{Surrogate}/u.test(text);
}

/** Depth and members of a text, by one scan that skips strings; right for valid JSON, harmless for anything else. */
function survey(text: string): { depth: number; members: number } {
	let depth = 0;
	let deepest = 0;
	let members = 0;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case 34: // "
				at = endOfString(text, at);
				break;
			case 58: // :
				members++;
				break;
			case 91: // [
			case 123: // {
				if (++depth > deepest) deepest = depth;
				break;
			case 93: // ]
			case 125: // }
				depth--;
		}
	}
	return { depth: deepest, members };
}

/** The index of the quote that ends the string begun at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
	for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
		let slashes = 0;
		while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
		if (slashes % 2 === 0) return end;
	}
	return text.length;
}

/** Goes once through a parsed value: counts members, reads -0 as 0, and stops at the first thing refused. */
class Walk {
	members = 0;
	fault: Fault | undefined;

	/** `escapes`: whether strings may hold what only an escape (or a JavaScript string) can bring in. */
	constructor(private readonly escapes: boolean) {}

	/** Returns the value to stand in the place of `value`; with a fault, every level out adds its step of the pointer. */
	judge(value: Json): Json {
		if (typeof value === "number") {
			// Every double beyond the safe integers is an integer, so this one bound leaves fractions alone.
			if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
				this.refuse("number-out-of-range", "A number is beyond ±(2^53−1).");
			}
			return value === 0 ? 0 : value;
		}
		if (typeof value === "string") {
			if (this.escapes) this.characters(value);
			return value;
		}
		if (value === null || typeof value !== "object") return value;
		if (Array.isArray(value)) {
			for (let i = 0; i < value.length; i++) {
				const item = value[i]!;
				const judged = this.judge(item);
				if (this.fault) {
					this.lead(`/${i}`);
					break;
				}
				if (judged === 0) value[i] = judged;
			}
			return value;
		}
		for (const key of Object.keys(value)) {
			this.members++;
			if (key === "__proto__") this.refuse("proto-key", "The key __proto__ is not allowed.");
			else if (this.escapes) this.characters(key);
			if (this.fault) break;
			const member = value[key]!;
			const judged = this.judge(member);
			if (this.fault) {
				this.lead(step(key));
				break;
			}
			if (judged === 0) value[key] = judged;
		}
		return value;
	}

	private characters(text: string): void {
		if (text.includes("\0")) this.refuse("null-character", "A string holds U+0000.");
		else if (!isWellFormed(text)) this.refuse("lone-surrogate", "A string holds half a surrogate pair.");
	}

	private lead(step: string): void {
		if (this.fault) this.fault.pointer = step + this.fault.pointer;
	}

	private refuse(code: JsonFault, detail: string): void {
		this.fault = fault(code, detail, "");
	}
}

/** The pointer to the first repeated key of a valid JSON text. */
function duplicate(text: string): string {
	const open: { step: string; keys: Set<string> | undefined; index: number; awaitsKey: boolean }[] = [];
	const pointer: string[] = [];
	for (let at = 0; at < text.length; at++) {
		const inside = open.at(-1);
		switch (text[at]) {
			case "{":
			case "[":
				pointer.push(inside ? (inside.keys ? inside.step : `/${inside.index}`) : "");
				open.push({ step: "", keys: text[at] === "{" ? new Set() : undefined, index: 0, awaitsKey: true });
				break;
			case "}":
			case "]":
				pointer.pop();
				open.pop();
				break;
			case ",":
				inside!.index++;
				inside!.awaitsKey = true;
				break;
			case '"': {
				const end = endOfString(text, at);
				if (inside?.keys && inside.awaitsKey) {
					const key = JSON.parse(text.slice(at, end + 1)) as string;
					if (inside.keys.has(key)) return pointer.join("") + step(key);
					inside.keys.add(key);
					inside.step = step(key);
					inside.awaitsKey = false;
				}
				at = end;
			}
		}
	}
	return "";
}

/** No step for a key that is no ordinary name: a refusal does not carry megabytes of its sender's text. */
function step(key: string): string {
	return /^[\w.:-]{1,64}$/.test(key) ? `/${key}` : "";
}

function fault(code: JsonFault, detail: string, pointer?: string): Fault {
	return pointer === undefined ? { ok: false, code, detail } : { ok: false, code, detail, pointer };
}
