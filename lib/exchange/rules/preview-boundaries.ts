/**
 * Where a content may be cut, from coarse to fine. Exchange Operations, "Phase: preview": function or block for code,
 * paragraph for prose, record for data. All scans read UTF-8 bytes and cut after ASCII or after a whole CJK full stop, so
 * every boundary is a code point's. They are simple on purpose: a wrong guess costs a fine cut, never a wrong one.
 */
export type ContentType = "code" | "analysis" | "summary" | "plan" | "data" | "review" | "other";

/** Ascending byte offsets, the first 0, the last the content's length. */
export type Boundaries = Uint32Array;

/** The levels above code points, each made when first asked for and kept. */
export function boundariesOf(bytes: Uint8Array, type: ContentType): Iterable<Boundaries> {
	const scans = scansOf(bytes, type);
	const made: Boundaries[] = [];
	return {
		*[Symbol.iterator]() {
			for (const [i, scan] of scans.entries()) {
				made[i] ??= collect(bytes, scan);
				yield made[i];
			}
		},
	};
}

/** Every code point's start from `from` to `to`, both included; both are code points' starts or are left out. */
export function codePointsIn(bytes: Uint8Array, from: number, to: number): Boundaries {
	const starts = new Uint32Array(to - from + 1);
	let n = 0;
	for (let i = from; i <= to; i++) if (i === bytes.length || !continues(bytes[i] as number)) starts[n++] = i;
	return starts.subarray(0, n);
}

type Scan = (bytes: Uint8Array, cut: (at: number) => void) => void;

function scansOf(bytes: Uint8Array, type: ContentType): Scan[] {
	switch (type) {
		case "code":
			return [blocks, paragraphs, lines, statements, words];
		case "data":
			return startsLikeJson(bytes)
				? [nested(0), nested(1), nested(2), nested(3), lines, words]
				: [rows, lines, words];
		default:
			return [paragraphs, lines, sentences, words];
	}
}

function collect(bytes: Uint8Array, scan: Scan): Boundaries {
	const found = new Uint32Array(bytes.length + 1);
	let last = 0;
	scan(bytes, (at) => {
		if (at > found[last]! && at < bytes.length) found[++last] = at;
	});
	found[++last] = bytes.length;
	return found.slice(0, last + 1);
}

const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
/** A table over all bytes: a Set costs three times as much, and a mebibyte is scanned while others wait. */
const of = (characters: string) => {
	const table = new Uint8Array(256);
	for (const character of characters) table[character.charCodeAt(0)] = 1;
	return { has: (byte: number | undefined) => byte !== undefined && table[byte] === 1 };
};
const OPENING = of("{[");
const CLOSING = of("}]");
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const ENDS_STATEMENT = of(";{}");
const ENDS_SENTENCE = of(".!?");
const CLOSES_SENTENCE = of(`"')]*_`);

/** Is the third byte of 。 ！ or ？ at `at`? No space follows them. */
function isCjkStop(bytes: Uint8Array, at: number): boolean {
	const first = bytes[at - 2];
	const second = bytes[at - 1];
	const third = bytes[at];
	return first === 0xe3
		? second === 0x80 && third === 0x82
		: first === 0xef && second === 0xbc && (third === 0x81 || third === 0x9f);
}

/**
 * Top-level functions, classes, statements: a line that is not indented begins a block when the line before was blank,
 * indented, or closed something; so imports stay together, and a comment or decorator stays with its function.
 */
const blocks: Scan = (bytes, cut) => {
	let boundaryBefore = true;
	eachLine(bytes, (from, to) => {
		const text = firstInk(bytes, from, to);
		if (text === to) {
			boundaryBefore = true;
			return;
		}
		const closes = text === from && closesBlock(bytes, from);
		if (text === from && !closes && boundaryBefore) cut(from);
		boundaryBefore = text > from || closes;
	});
};

const CLOSING_SIGNS = of("})]*");
const CLOSING_WORDS = new Set(
	"end else elif elsif except ensure esac done fi finally catch rescue"
		.split(" ")
		.map((word) => wordAt(new TextEncoder().encode(word), 0)),
);

/** Does the line go on with, or end, what stood before: a bracket, a comment's end, `else`, `end`? */
function closesBlock(bytes: Uint8Array, from: number): boolean {
	if (CLOSING_SIGNS.has(bytes[from])) return true;
	return CLOSING_WORDS.has(wordAt(bytes, from));
}

/** The word that begins at `from` as a number, five bits a letter whatever its case; up to ten letters, so that it stays exact. */
function wordAt(bytes: Uint8Array, from: number): number {
	let word = 0;
	for (let at = from; at < from + 10 && isLetter(bytes[at]); at++) word = word * 32 + (bytes[at]! & 31);
	return word;
}

/** A line with ink after a blank one. */
const paragraphs: Scan = (bytes, cut) => {
	let blank = false;
	eachLine(bytes, (from, to) => {
		const empty = firstInk(bytes, from, to) === to;
		if (blank && !empty) cut(from);
		blank = empty;
	});
};

const lines: Scan = (bytes, cut) => eachLine(bytes, cut);

/** Rows of CSV and the like: a line break within double quotes ends none. */
const rows: Scan = (bytes, cut) => {
	let quoted = false;
	for (let i = 0; i < bytes.length; i++) {
		if (bytes[i] === QUOTE) quoted = !quoted;
		else if (bytes[i] === LF && !quoted) cut(i + 1);
	}
};

/** Members and elements of JSON down to `depth`; at depth 0 the values of JSON lines. */
const nested =
	(depth: number): Scan =>
	(bytes, cut) => {
		let open = 0;
		let quoted = false;
		for (let i = 0; i < bytes.length; i++) {
			const byte = bytes[i] as number;
			if (quoted) {
				if (byte === BACKSLASH) i++;
				else if (byte === QUOTE) quoted = false;
			} else if (byte === QUOTE) quoted = true;
			else if (OPENING.has(byte)) {
				if (++open <= depth) cut(afterBlank(bytes, i + 1));
			} else if (CLOSING.has(byte)) {
				open = Math.max(0, open - 1);
				if (open === 0) cut(afterBlank(bytes, i + 1));
			} else if (byte === COMMA && open <= depth) cut(afterBlank(bytes, i + 1));
		}
	};

const statements: Scan = (bytes, cut) => {
	for (let i = 0; i < bytes.length; i++) if (ENDS_STATEMENT.has(bytes[i])) cut(afterBlank(bytes, i + 1));
};

const sentences: Scan = (bytes, cut) => {
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i] as number;
		if (byte === LF) cut(i + 1);
		else if (byte >= 0x80) {
			if (isCjkStop(bytes, i)) cut(i + 1);
		} else if (ENDS_SENTENCE.has(byte)) {
			let end = i + 1;
			while (CLOSES_SENTENCE.has(bytes[end])) end++;
			if (isBlank(bytes[end])) cut(afterBlank(bytes, end));
		}
	}
};

const words: Scan = (bytes, cut) => {
	for (let i = 1; i < bytes.length; i++) if (isBlank(bytes[i - 1]) && !isBlank(bytes[i])) cut(i);
};

function eachLine(bytes: Uint8Array, line: (from: number, to: number) => void): void {
	let from = 0;
	for (let i = 0; i < bytes.length; i++) {
		if (bytes[i] !== LF) continue;
		line(from, i + 1);
		from = i + 1;
	}
	if (from < bytes.length) line(from, bytes.length);
}

function startsLikeJson(bytes: Uint8Array): boolean {
	return OPENING.has(bytes[firstInk(bytes, 0, bytes.length)]);
}

/** The first byte from `from` that is not white space, or `to`. */
function firstInk(bytes: Uint8Array, from: number, to: number): number {
	let at = from;
	while (at < to && isBlank(bytes[at])) at++;
	return at;
}

function afterBlank(bytes: Uint8Array, from: number): number {
	return firstInk(bytes, from, bytes.length);
}

function isBlank(byte: number | undefined): boolean {
	return byte === SPACE || byte === LF || byte === TAB || byte === CR;
}

function isLetter(byte: number | undefined): boolean {
	return (
		byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f)
	);
}

/** Is this byte inside a code point, not at its start? */
function continues(byte: number): boolean {
	return (byte & 0xc0) === 0x80;
}
