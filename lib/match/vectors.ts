/**
 * Unit vectors as 8-bit codes with one scale each, a quarter of the floats: at 384 dimensions a cosine moves by less than
 * 0.002, a relevance by less than a hundredth, so there is no second pass over floats, and none are kept.
 *
 * The codes lie in a memory of WebAssembly, whose 128-bit instructions multiply and add eight of them at once: a search reads
 * every vector there is, and in JavaScript that is most of what it costs.
 */
export class Vectors {
	/** Dimensions, filled up with zeros to whole steps of eight. */
	readonly #stride: number;
	/** The question's largest code: as fine as the sum of all products stays within 32 bits. */
	readonly #finest: number;
	#kernel: Kernel | undefined;
	#scales = new Float32Array(64);

	constructor(readonly dims: number) {
		this.#stride = Math.ceil(dims / LANES) * LANES;
		this.#finest = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * this.#stride)));
	}

	/** Keeps a vector under this number; one that was never kept is zero, at right angles to all. */
	set(at: number, vector: Float32Array): void {
		this.#kernel ??= kernelFor(this.#stride);
		const kernel = this.#kernel;
		const from = kernel.codes + at * this.#stride;
		reserve(kernel.memory, from + this.#stride);
		const { scale, codes } = quantised(vector, 127);
		new Int8Array(kernel.memory.buffer, from, this.dims).set(codes);
		if (at >= this.#scales.length) this.#scales = larger(this.#scales, at);
		this.#scales[at] = scale;
	}

	/** Calls `each` with the cosine of every vector below `count` to the question. */
	cosines(question: Float32Array, count: number, each: (at: number, cosine: number) => void): void {
		const kernel = this.#kernel;
		if (!kernel) return;
		const { scale, codes } = quantised(question, this.#finest);
		new Int16Array(kernel.memory.buffer, 0, this.dims).set(codes);
		const dots = new Int32Array(kernel.memory.buffer, kernel.dots, PAGE);
		for (let first = 0; first < count; first += PAGE) {
			const here = Math.min(PAGE, count - first);
			const from = kernel.codes + first * this.#stride;
			kernel.multiply(0, this.#stride * 2, from, from + here * this.#stride, kernel.dots);
			for (let i = 0; i < here; i++) each(first + i, dots[i]! * scale * this.#scales[first + i]!);
		}
	}
}

const LANES = 8;
/** Vectors a call. */
const PAGE = 1_024;
const WASM_PAGE_BYTES = 65_536;

/** Whole numbers up to `most`, and what one of them counts. */
function quantised(vector: Float32Array, most: number): { scale: number; codes: number[] } {
	let largest = 0;
	for (const value of vector) largest = Math.max(largest, Math.abs(value));
	const scale = largest / most || 1;
	return { scale, codes: Array.from(vector, (value) => Math.round(value / scale)) };
}

function larger(array: Float32Array<ArrayBuffer>, at: number): Float32Array<ArrayBuffer> {
	const grown = new Float32Array(Math.ceil((at + 1) * 1.25));
	grown.set(array);
	return grown;
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
	const missing = bytes - memory.buffer.byteLength;
	// A sixteenth at a time: growing copies nothing.
	if (missing > 0) memory.grow(Math.ceil(Math.max(missing, memory.buffer.byteLength / 16) / WASM_PAGE_BYTES));
}

interface Kernel {
	memory: WebAssembly.Memory;
	/** Addresses: the question's codes are at 0, behind them the products of a page, behind those all codes. */
	dots: number;
	codes: number;
	/** Of the question at `question` with each vector from `codes` to `end`, the sum of products, 32 bits each, to `out`. */
	multiply(question: number, questionBytes: number, codes: number, end: number, out: number): void;
}

let compiled: WebAssembly.Module | undefined;

function kernelFor(stride: number): Kernel {
	const memory = new WebAssembly.Memory({ initial: 1 });
	const dots = stride * 2;
	const codes = dots + PAGE * 4;
	reserve(memory, codes);
	compiled ??= new WebAssembly.Module(Uint8Array.from(MODULE));
	const { exports } = new WebAssembly.Instance(compiled, { m: { m: memory } });
	return { memory, dots, codes, multiply: exports.f as Kernel["multiply"] };
}

// The module, written out (WebAssembly Core 2.0, "Binary Format"). Its one function in the text format:
//
//   (func (param $question i32) (param $questionBytes i32) (param $codes i32) (param $end i32) (param $out i32)
//     (local $at i32) (local $sum v128)
//     (block $done (loop $vector
//       (br_if $done (i32.ge_u (local.get $codes) (local.get $end)))
//       (local.set $at (i32.const 0))
//       (local.set $sum (v128.const i64x2 0 0))
//       (loop $step
//         (local.set $sum (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s
//           (v128.load8x8_s (local.get $codes))
//           (v128.load (i32.add (local.get $question) (local.get $at))))))
//         (local.set $codes (i32.add (local.get $codes) (i32.const 8)))
//         (local.set $at (i32.add (local.get $at) (i32.const 16)))
//         (br_if $step (i32.lt_u (local.get $at) (local.get $questionBytes))))
//       (i32.store (local.get $out) ;; the sum of the four lanes
//         (i32.add (i32.add (lane 0) (lane 1)) (i32.add (lane 2) (lane 3))))
//       (local.set $out (i32.add (local.get $out) (i32.const 4)))
//       (br $vector))))
const [I32, V128, VOID] = [0x7f, 0x7b, 0x40];
const [QUESTION, QUESTION_BYTES, CODES, END, OUT, AT, SUM] = [0, 1, 2, 3, 4, 5, 6];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, value];
const [BLOCK, LOOP, FINISH, BR, BR_IF] = [0x02, 0x03, 0x0b, 0x0c, 0x0d];
const [ADD, LESS, NOT_LESS] = [0x6a, 0x49, 0x4f];
const simd = (...operation: number[]) => [0xfd, ...operation];
const [ZERO, LOAD, LOAD_8X8] = [simd(0x0c, ...Array(16).fill(0)), simd(0x00, 0, 0), simd(0x01, 0, 0)];
const [DOT, ADD_LANES] = [simd(0xba, 0x01), simd(0xae, 0x01)];
const lane = (n: number) => [...get(SUM), ...simd(0x1b, n)];
const advance = (local: number, by: number) => [...get(local), ...constant(by), ADD, ...set(local)];

const BODY = [
	// Locals beside the parameters: one i32, one v128.
	...[2, 1, I32, 1, V128],
	...[BLOCK, VOID, LOOP, VOID],
	...[...get(CODES), ...get(END), NOT_LESS, BR_IF, 1],
	...[...constant(0), ...set(AT), ...ZERO, ...set(SUM)],
	...[LOOP, VOID],
	...[...get(SUM), ...get(CODES), ...LOAD_8X8, ...get(QUESTION), ...get(AT), ADD, ...LOAD],
	...[...DOT, ...ADD_LANES, ...set(SUM)],
	...[...advance(CODES, LANES), ...advance(AT, 2 * LANES)],
	...[...get(AT), ...get(QUESTION_BYTES), LESS, BR_IF, 0, FINISH],
	...[...get(OUT), ...lane(0), ...lane(1), ADD, ...lane(2), ...lane(3), ADD, ADD, 0x36, 2, 0],
	...[...advance(OUT, 4), BR, 0, FINISH, FINISH, FINISH],
];
const sized = (bytes: number[]) => [...leb(bytes.length), ...bytes];
const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const name = (text: string) => sized([...text].map((character) => character.charCodeAt(0)));
const MODULE = [
	...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
	// Types: five i32 to nothing. Imports: the memory. Functions, exports: the one. Code.
	...[1, ...sized([1, 0x60, 5, I32, I32, I32, I32, I32, 0])],
	...[2, ...sized([1, ...name("m"), ...name("m"), 2, 0, 1])],
	...[3, ...sized([1, 0])],
	...[7, ...sized([1, ...name("f"), 0, 0])],
	...[10, ...sized([1, ...sized(BODY)])],
];
