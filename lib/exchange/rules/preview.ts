import { sha256 } from "@noble/hashes/sha2.js";
import { halfUp, ONE_PPM } from "./fixed-point";
import { PREVIEW_TOKENS, tokensOf } from "./plausibility";
import { type Boundaries, boundariesOf, type ContentType, codePointsIn } from "./preview-boundaries";

/** UTF-8 byte offsets, cut at code points. */
export interface Chunk {
	readonly position: number;
	readonly length: number;
}

export interface PreviewPlan {
	/** What the chunks show of the content, in ppm, rounded down: 150,000…250,000. The discount is this, not what was drawn. */
	readonly fractionPpm: number;
	/** In order of position, disjoint. */
	readonly chunks: readonly Chunk[];
}

export interface ContentToPreview {
	/** `sha256:` and 64 hex. */
	contentHash: string;
	text: string;
	contentType: ContentType;
	/** The exchange's deterministic signature over the content hash: nobody else can foretell it, the same bytes give the same plan. */
	randomBytes: Uint8Array;
}

const CHUNKS = 5;

/**
 * Five random pieces, together 15–25 % of the content. Exchange Operations, "Phase: preview"; RULES, "Preview".
 *
 * A fraction f is drawn, then, five times, a random place in what is still hidden, and around that place the coarsest
 * boundaries of the type between which a piece of fitting size lies: whole functions, paragraphs or records where they are
 * small enough, else lines, sentences, words, in the end code points. Place first and boundaries second, because choosing
 * among fitting pieces would let a seller put five fine small functions beside one large empty one and never show that.
 *
 * Content below 500 tokens is not previewed: no chunks.
 */
export function previewPlan(content: ContentToPreview): PreviewPlan {
	const bytes = new TextEncoder().encode(content.text);
	if (tokensOf(bytes.length) < PREVIEW_TOKENS) return { fractionPpm: 0, chunks: [] };

	const below = draws(content.contentHash, content.randomBytes);
	const levels = boundariesOf(bytes, content.contentType);
	const aim = Math.floor((bytes.length * (150_000 + below(100_001))) / ONE_PPM);

	const chunks: Chunk[] = [];
	let shown = 0;
	for (let after = CHUNKS - 1; after >= 0; after--) {
		const size = sizeOf(bytes.length, shown, after, aim);
		const gap = drawGap(hidden(chunks, bytes.length), size, below);
		const place = gap.from + below(gap.to - gap.from - Math.min(size.aim, gap.to - gap.from) + 1);
		const chunk = pieceAround(place, gap, size, bytes, levels);
		chunks.push(chunk);
		shown += chunk.length;
	}
	chunks.sort((a, b) => a.position - b.position);
	return { fractionPpm: fractionOf(chunks, bytes.length), chunks };
}

/** What a plan shows of its content, in ppm, rounded down. Everything that needs the fraction later takes it from the plan. */
export function fractionOf(chunks: readonly Chunk[], contentBytes: number): number {
	const shown = chunks.reduce((sum, { length }) => sum + length, 0);
	return Math.floor((shown * ONE_PPM) / contentBytes);
}

/** What the buyer pays after a preview: round(base × (1 − f)), halves up. Never 0 for a base of 1 or more. */
export function previewPrice(baseScrip: number, fractionPpm: number): number {
	return Number(halfUp(BigInt(baseScrip) * BigInt(ONE_PPM - fractionPpm), BigInt(ONE_PPM)));
}

/** The plan with its texts, as `preview_chunks` carries them. */
export function previewChunks(
	text: string,
	chunks: readonly Chunk[],
): { content: string; position: number; length: number }[] {
	const bytes = new TextEncoder().encode(text);
	// ignoreBOM: a decoder that swallows U+FEFF would show fewer bytes than `length` says.
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	return chunks.map(({ position, length }) => ({
		content: decoder.decode(bytes.subarray(position, position + length)),
		position,
		length,
	}));
}

interface Span {
	from: number;
	to: number;
}

interface Size {
	least: number;
	most: number;
	aim: number;
}

/**
 * How large the next piece may be: 2–8 % of the content, and such that the total still ends within 15–25 % when each piece
 * `after` this one is 3–5 %, which can always be had. Later pieces make up for what earlier ones had too much or too little.
 */
function sizeOf(bytes: number, shown: number, after: number, aim: number): Size {
	const percent = (n: number) => (bytes * n) / 100;
	const least = Math.ceil(Math.max(percent(2), percent(15 - 5 * after) - shown));
	const most = Math.floor(Math.min(percent(8), percent(25 - 3 * after) - shown));
	const even = Math.floor((aim - shown) / (after + 1));
	return { least, most, aim: Math.min(most, Math.max(least, even)) };
}

/** The spans between the pieces taken so far. */
function hidden(chunks: readonly Chunk[], bytes: number): Span[] {
	const spans: Span[] = [];
	let from = 0;
	for (const { position, length } of [...chunks].sort((a, b) => a.position - b.position)) {
		spans.push({ from, to: position });
		from = position + length;
	}
	spans.push({ from, to: bytes });
	return spans;
}

/** One of the spans that can hold a piece, in proportion to the places in it. At least three quarters are hidden in at most five spans, so one can. */
function drawGap(spans: readonly Span[], size: Size, below: Draw): Span {
	const fitting = spans.filter(({ from, to }) => to - from >= size.least);
	const places = ({ from, to }: Span) => Math.max(1, to - from - size.aim + 1);
	let at = below(fitting.reduce((sum, span) => sum + places(span), 0));
	return fitting.find((span) => {
		at -= places(span);
		return at < 0;
	}) as Span;
}

function pieceAround(
	place: number,
	gap: Span,
	size: Size,
	bytes: Uint8Array,
	levels: Iterable<Boundaries>,
): Chunk {
	for (const boundaries of levels) {
		const piece = runAround(place, gap, size, boundaries);
		if (piece) return piece;
	}
	const near = {
		from: Math.max(gap.from, place - size.most),
		to: Math.min(gap.to, place + size.most),
	};
	return runAround(place, gap, size, codePointsIn(bytes, near.from, near.to)) as Chunk;
}

/**
 * The run of whole units that contains `place`, lies in the gap and has a fitting size: it begins with the unit at the
 * place, or as few units before it as it must, and ends as near to the aimed size as units allow.
 */
function runAround(place: number, gap: Span, size: Size, boundaries: Boundaries): Chunk | undefined {
	const after = firstAbove(boundaries, place);
	const reach = boundaries[after];
	if (reach === undefined) return undefined;

	for (let i = after - 1; i >= 0; i--) {
		const start = boundaries[i] as number;
		if (start < gap.from || reach - start > size.most) return undefined;
		const most = Math.min(gap.to, start + size.most);
		const end = endNear(start, reach, most, size, boundaries);
		if (end !== undefined) return { position: start, length: end - start };
	}
	return undefined;
}

function endNear(
	start: number,
	reach: number,
	most: number,
	size: Size,
	boundaries: Boundaries,
): number | undefined {
	const wanted = Math.max(reach, Math.min(start + size.aim, most));
	const above = firstAbove(boundaries, wanted);
	const distance = (end: number) => Math.abs(end - wanted);
	return [boundaries[above - 1], boundaries[above]]
		.filter((end): end is number => end !== undefined)
		.filter((end) => end >= reach && end - start >= size.least && end <= most)
		.sort((a, b) => distance(a) - distance(b))[0];
}

/** Index of the first boundary above `value`, or the number of boundaries. */
function firstAbove(boundaries: Boundaries, value: number): number {
	let low = 0;
	let high = boundaries.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((boundaries[middle] as number) > value) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** An integer from 0 to n − 1. */
type Draw = (n: number) => number;

/**
 * Draw i is the first 6 bytes of sha256(content hash ‖ random bytes ‖ i as 4 bytes), big endian, modulo n: anyone who
 * is shown the signature can draw again. With n ≤ 2^20 the modulo favours no number by more than 2^-28.
 */
function draws(contentHash: string, randomBytes: Uint8Array): Draw {
	const hash = new TextEncoder().encode(contentHash);
	let i = 0;
	return (n) => {
		const input = new Uint8Array(hash.length + randomBytes.length + 4);
		input.set(hash);
		input.set(randomBytes, hash.length);
		const view = new DataView(input.buffer);
		view.setUint32(input.length - 4, i++);
		const out = sha256(input);
		const drawn = new DataView(out.buffer, out.byteOffset);
		return (drawn.getUint32(0) * 0x1_0000 + drawn.getUint16(4)) % n;
	};
}
