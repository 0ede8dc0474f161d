/**
 * Products of matrices in WebAssembly: up to four rows by eight columns at a time. Every number is the sum over k in k's
 * order, product rounded, then sum rounded, so that no cut of the work moves a bit.
 *
 * The shape was measured, billions of additions and multiplications a second: 4 × 8 30, 3 × 8 28, 5 × 8 18, 3 × 12 18; two k
 * a turn 21, four 23. V8 sorts the instructions of a turn anew, and what does not fit into 15 registers then goes through
 * memory.
 */

/** Rows of one call. */
export const MOST_ROWS = 4;
/** Columns of one call: a panel of the right matrix holds so many numbers of each of its rows in a row. */
export const PANEL = 8;

/**
 * By number of rows less one: `multiply(left, leftBytes, panel, panelEnd, out, outBytes, more)`, addresses in the memory and
 * bytes from one row to the next. With `more` the products are added to what is at `out`.
 *
 * @param {WebAssembly.Memory} memory shared
 * @returns {((...parameters: number[]) => void)[]}
 */
export function kernels(memory) {
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(MODULE)), {
		m: { m: memory },
	});
	return Array.from({ length: MOST_ROWS }, (_, i) => exports[`f${i + 1}`]);
}

// The module, written out (WebAssembly Core 2.0, "Binary Format", and of the threads proposal the memory's flag).
const [I32, V128, VOID] = [0x7f, 0x7b, 0x40];
const [LEFT, LEFT_BYTES, RIGHT, END, OUT, OUT_BYTES, MORE] = [0, 1, 2, 3, 4, 5, 6];
const PARAMETERS = 7;

const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const get = (local) => [0x20, ...leb(local)];
const set = (local) => [0x21, ...leb(local)];
const simd = (...operation) => [0xfd, ...operation];
const constant = (value) => [0x41, ...leb(value)];
const [LOOP, FINISH, BR_IF, IF] = [0x03, 0x0b, 0x0d, 0x04];
const [ADD, LESS] = [0x6a, 0x49];
const [ADD_LANES, MULTIPLY_LANES] = [simd(0xe4, 0x01), simd(0xe6, 0x01)];
const load = (offset) => simd(0x00, 2, ...leb(offset));
const SPLAT = simd(0x09, 2, 0);
const store = (offset) => simd(0x0b, 2, ...leb(offset));

/** One function: so many rows by a panel. */
function body(rows) {
	const row = (i) => PARAMETERS + i;
	const sum = (i, half) => PARAMETERS + rows + 2 * i + half;
	const right = (half) => PARAMETERS + 3 * rows + half;
	const number = PARAMETERS + 3 * rows + 2;
	const all = Array.from({ length: rows }, (_, i) => i);
	const code = [
		// Locals: addresses of the rows; sums, the panel's two vectors, and one number of the left in all lanes.
		...[2, rows, I32, ...leb(2 * rows + 3), V128],
		...all.flatMap((i) => [
			...(i === 0 ? get(LEFT) : [...get(row(i - 1)), ...get(LEFT_BYTES), ADD]),
			...set(row(i)),
		]),
		...[LOOP, VOID],
		...[0, 1].flatMap((half) => [...get(RIGHT), ...load(16 * half), ...set(right(half))]),
		...all.flatMap((i) => [
			...[...get(row(i)), ...SPLAT, ...set(number)],
			...[0, 1].flatMap((half) => [
				...[...get(sum(i, half)), ...get(number), ...get(right(half)), ...MULTIPLY_LANES],
				...[...ADD_LANES, ...set(sum(i, half))],
			]),
		]),
		...all.flatMap((i) => [...get(row(i)), ...constant(4), ADD, ...set(row(i))]),
		...[...get(RIGHT), ...constant(4 * PANEL), ADD, ...set(RIGHT)],
		...[...get(RIGHT), ...get(END), LESS, BR_IF, 0, FINISH],
		...all.flatMap((i) => [
			...[...get(MORE), IF, VOID],
			...[0, 1].flatMap((half) => [
				...[...get(OUT), ...load(16 * half), ...get(sum(i, half)), ...ADD_LANES, ...set(sum(i, half))],
			]),
			FINISH,
			...[0, 1].flatMap((half) => [...get(OUT), ...get(sum(i, half)), ...store(16 * half)]),
			...[...get(OUT), ...get(OUT_BYTES), ADD, ...set(OUT)],
		]),
		FINISH,
	];
	return [...leb(code.length), ...code];
}

/** Of a memory: shared, and of any size. */
const [SHARED, MOST_PAGES] = [3, leb(65_536)];
const sized = (bytes) => [...leb(bytes.length), ...bytes];
const name = (text) => sized([...text].map((character) => character.charCodeAt(0)));
const ALL = Array.from({ length: MOST_ROWS }, (_, i) => i);
const MODULE = [
	...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
	// Types: seven i32 to nothing. Imports: the memory. Functions, exports, code: one for each number of rows.
	...[1, ...sized([1, 0x60, PARAMETERS, ...Array(PARAMETERS).fill(I32), 0])],
	...[2, ...sized([1, ...name("m"), ...name("m"), 2, SHARED, 0, ...MOST_PAGES])],
	...[3, ...sized([MOST_ROWS, ...ALL.map(() => 0)])],
	...[7, ...sized([MOST_ROWS, ...ALL.flatMap((i) => [...name(`f${i + 1}`), 0, i])])],
	...[10, ...sized([MOST_ROWS, ...ALL.flatMap((i) => body(i + 1))])],
];
