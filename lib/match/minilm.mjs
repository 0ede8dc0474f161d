import { exp32, gelu } from "./gelu.mjs";
import { kernels, MOST_ROWS, PANEL } from "./products.mjs";
import { TEAM_BYTES, team } from "./team.mjs";
import { DIMS, HEADS, INNER, layersAt, load, WEIGHTS_BYTES } from "./weights.mjs";

/**
 * all-MiniLM-L6-v2: a sentence's token ids in, its unit vector out. The model of BERT's family that is shipped, written out,
 * and bit for bit what the engine that comes with it in npm (@lat.md/embed, of candle) makes of it: vectors that were kept
 * are compared with new ones. A question of a dozen words takes one thread 17 ms, and two 10, instead of 29, as no weights
 * are laid out anew for each text, and the model a third of the memory. Plain JavaScript, for the threads that embed.
 *
 * Measured and not done: matrices that stay 16-bit floats, 21 MB less, are 6 % slower, as they are widened for each text;
 * rows of the left that lie together are faster in the processor's caches alone.
 *
 * The work is cut into parts by columns, heads and rows, for two threads: whoever makes which, no sum is in another order.
 */

const HEAD = DIMS / HEADS;
/** What is summed in one go; longer sums are cut there and the parts added, as the engine did. */
const BLOCK = 512;
const EPSILON = Math.fround(1e-12);
const fround = Math.fround;
/** Columns of a part, some 20 µs for a question: what one thread may have to wait for the other at the end of a step. */
const [JOINED, WIDE, NARROW] = [32, 48, 16];
/** Parts of all rows. */
const SHARES = 4;

/**
 * For the thread that leads: reads the weights into a memory that it shares with one that helps.
 *
 * @param {Uint8Array} weights the file
 * @param {number} most ids of one sentence
 */
export function miniLm(weights, most) {
	const pages = Math.ceil(placed(most).bytes / 65_536);
	const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
	const { crew, layers, stepsOf } = threadIn(memory, most, 0);
	const { word, positions, type, norm } = load(weights, layers);
	const [question, content] = LANES.map(stepsOf);

	function begin({ floats }, ids) {
		for (const [token, id] of ids.entries())
			for (let i = 0; i < DIMS; i++)
				floats[token * DIMS + i] = fround(
					fround(word(id * DIMS + i) + type[i]) + positions[token * DIMS + i],
				);
		normalise(floats, 0, ids.length, norm);
	}

	return {
		memory,
		/**
		 * Together with the thread that helps, if there is one.
		 *
		 * @param {readonly number[]} ids
		 */
		question(ids) {
			begin(question.state, ids);
			crew.lead(ids.length, true);
			return unitMean(question.state.floats, ids.length);
		},
		/**
		 * By one thread, that there be one for the rest of the program. `between` is called many times meanwhile, and may ask a
		 * question.
		 *
		 * @param {readonly number[]} ids
		 */
		content(ids, between = () => {}) {
			begin(content.state, ids);
			for (const [parts, work] of content.steps) {
				for (let part = 0; part < parts; part++) work(part, ids.length);
				between();
			}
			return unitMean(content.state.floats, ids.length);
		},
	};
}

/** For the thread that helps; never returns. */
export const help = (memory, most) => threadIn(memory, most, 1).crew.help();

/** A question may come in the midst of a content: each has its own numbers. */
const LANES = ["question", "content"];

/** What lies where in the memory. Of a head, at which only one thread is, both have their own. */
function placed(most) {
	const sizes = { team: TEAM_BYTES, weights: WEIGHTS_BYTES };
	for (const lane of LANES)
		for (const [name, width] of [
			["state", DIMS],
			["out", 3 * DIMS],
			["inner", INNER],
			["context", DIMS],
		])
			sizes[name + lane] = most * width * 4;
	for (const thread of [0, 1]) {
		sizes[`scores${thread}`] = most * up(most, PANEL) * 4;
		sizes[`keys${thread}`] = up(most, PANEL) * HEAD * 4;
		sizes[`values${thread}`] = most * HEAD * 4;
	}
	const at = {};
	let bytes = 0;
	for (const [name, size] of Object.entries(sizes)) {
		at[name] = bytes;
		bytes = up(bytes + size, 64);
	}
	return { at, bytes };
}

function threadIn(memory, most, thread) {
	const { at } = placed(most);
	const multiply = kernels(memory);
	const layers = layersAt(memory, at.weights);
	const rowsAt = (name, width) => ({
		at: at[name],
		width,
		floats: new Float32Array(memory.buffer, at[name], most * width),
	});
	const [scores, keys, values] = [
		rowsAt(`scores${thread}`, up(most, PANEL)),
		rowsAt(`keys${thread}`, HEAD),
		rowsAt(`values${thread}`, HEAD),
	];

	/** rows × depth at `left` times panels at `right`, to `to`. */
	function product(rows, left, leftBytes, depth, right, columns, to, toBytes) {
		const tiles = Math.ceil(rows / MOST_ROWS);
		for (let panel = 0; panel < columns / PANEL; panel++) {
			const first = right + panel * depth * PANEL * 4;
			for (let from = 0; from < depth; from += BLOCK) {
				const end = first + Math.min(depth, from + BLOCK) * PANEL * 4;
				for (let tile = 0, row = 0; tile < tiles; tile++) {
					const here = Math.ceil((rows - row) / (tiles - tile));
					multiply[here - 1](
						left + row * leftBytes + from * 4,
						leftBytes,
						first + from * PANEL * 4,
						end,
						to + row * toBytes + panel * PANEL * 4,
						toBytes,
						from,
					);
					row += here;
				}
			}
		}
	}

	/** Some columns of what a matrix makes of all rows, with their bias. */
	function dense(count, left, matrix, bias, to, column, columns) {
		const { width, floats } = to;
		const depth = left.width;
		const panels = matrix.at + column * depth * 4;
		product(count, left.at, depth * 4, depth, panels, columns, to.at + column * 4, width * 4);
		const biases = bias.floats;
		for (let row = 0; row < count * width; row += width)
			for (let i = column; i < column + columns; i++) floats[row + i] += biases[i];
	}

	/** One head: how much each token heeds each other, and what it takes of them. */
	function attend({ state, asked, context }, layer, count, head) {
		const first = head * HEAD;
		for (const column of [first, DIMS + first, 2 * DIMS + first])
			dense(count, state, layer.attention, layer.attentionBias, asked, column, HEAD);
		const columns = up(count, PANEL);
		keys.floats.fill(0, 0, columns * HEAD);
		for (let token = 0; token < count; token++) {
			const from = token * 3 * DIMS + first;
			const key = (token - (token % PANEL)) * HEAD + (token % PANEL);
			for (let i = 0; i < HEAD; i++) {
				keys.floats[key + i * PANEL] = asked.floats[from + DIMS + i];
				values.floats[((i - (i % PANEL)) / PANEL) * count * PANEL + token * PANEL + (i % PANEL)] =
					asked.floats[from + 2 * DIMS + i];
			}
		}
		product(count, asked.at + first * 4, 3 * DIMS * 4, HEAD, keys.at, columns, scores.at, columns * 4);
		for (let row = 0; row < count; row++) softmax(scores.floats, row * columns, count);
		product(count, scores.at, columns * 4, count, values.at, HEAD, context.at + first * 4, DIMS * 4);
	}

	/** Some rows: adds what a part of a layer made to what came in. */
	function add({ state, out }, norm, count, share) {
		const [from, to] = [Math.floor((count * share) / SHARES), Math.floor((count * (share + 1)) / SHARES)];
		for (let i = from * DIMS; i < to * DIMS; i++) state.floats[i] += out.floats[i];
		normalise(state.floats, from, to, norm.floats);
	}

	/** Of one lane, in order: how many parts a step has, and what does one of them. */
	function stepsOf(lane) {
		const [state, context, out] = ["state", "context", "out"].map((name) => rowsAt(name + lane, DIMS));
		const [asked, inner] = [rowsAt(`out${lane}`, 3 * DIMS), rowsAt(`inner${lane}`, INNER)];
		const steps = layers.flatMap((layer) => {
			const { joined, joinedBias, joinedNorm, wide, wideBias, narrow, narrowBias, narrowNorm } = layer;
			return [
				[HEADS, (head, count) => attend({ state, asked, context }, layer, count, head)],
				[
					DIMS / JOINED,
					(part, count) => dense(count, context, joined, joinedBias, out, part * JOINED, JOINED),
				],
				[SHARES, (share, count) => add({ state, out }, joinedNorm, count, share)],
				[
					INNER / WIDE,
					(part, count) => {
						dense(count, state, wide, wideBias, inner, part * WIDE, WIDE);
						for (let row = 0; row < count; row++) geluAll(inner.floats, row * INNER + part * WIDE, WIDE);
					},
				],
				[DIMS / NARROW, (part, count) => dense(count, inner, narrow, narrowBias, out, part * NARROW, NARROW)],
				[SHARES, (share, count) => add({ state, out }, narrowNorm, count, share)],
			];
		});
		return { state, steps };
	}

	const { steps } = stepsOf("question");
	const crew = team(
		new Int32Array(memory.buffer, at.team, TEAM_BYTES / 4),
		steps.map(([parts]) => parts),
		(step, part, count) => steps[step][1](part, count),
	);
	return { crew, layers, stepsOf };
}

const up = (value, step) => Math.ceil(value / step) * step;

function geluAll(array, from, count) {
	for (let i = from; i < from + count; i++) array[i] = gelu(array[i]);
}

function softmax(scores, from, count) {
	let largest = Number.NEGATIVE_INFINITY;
	for (let i = from; i < from + count; i++) {
		scores[i] = scores[i] * SCALE;
		if (scores[i] > largest) largest = scores[i];
	}
	for (let i = from; i < from + count; i++) scores[i] = exp32(fround(scores[i] - largest));
	const sum = sumOf(scores, from, count);
	for (let i = from; i < from + count; i++) scores[i] = scores[i] / sum;
}
const SCALE = fround(1 / Math.sqrt(HEAD));

/** Layer norm of each row, by its weights and biases. */
function normalise(state, from, to, norm) {
	for (let row = from * DIMS; row < to * DIMS; row += DIMS) {
		let sum = fround(0);
		let squares = fround(0);
		for (let i = row; i < row + DIMS; i++) {
			const value = state[i];
			sum = fround(sum + value);
			squares = fround(squares + fround(value * value));
		}
		const mean = fround(sum / DIMS);
		const variance = fround(fround(squares / DIMS) - fround(mean * mean));
		const inverse = fround(1 / fround(Math.sqrt(fround(variance + EPSILON))));
		for (let i = 0; i < DIMS; i++)
			state[row + i] = fround(fround(fround(state[row + i] - mean) * inverse) * norm[i]) + norm[DIMS + i];
	}
}

function unitMean(state, count) {
	const mean = new Float32Array(DIMS);
	for (let i = 0, column = 0; i < count * DIMS; i++) {
		mean[column] += state[i];
		if (++column === DIMS) column = 0;
	}
	for (let i = 0; i < DIMS; i++) mean[i] /= count;
	const squares = mean.map((value) => value * value);
	const length = fround(Math.sqrt(sumOf(squares, 0, DIMS)));
	return mean.map((value) => value / length);
}

function sumOf(array, from, count) {
	let sum = fround(0);
	for (let i = from; i < from + count; i++) sum = fround(sum + array[i]);
	return sum;
}
