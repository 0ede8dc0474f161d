import { PANEL } from "./products.mjs";

/**
 * The weights of all-MiniLM-L6-v2, from a file in the safetensors format, 16-bit floats, to a memory that threads share.
 * Matrices are laid out there in panels, as products read them, once for all texts.
 */

export const [DIMS, HEADS, INNER, LAYERS] = [384, 12, 1536, 6];

const OF_ATTENTION = ["query", "key", "value"];
/** Of a layer, by its name here: the tensors that it is, each with so many columns, and what they are multiplied with. */
const LAYER = {
	attention: [OF_ATTENTION.map((name) => `attention.self.${name}.weight`), DIMS, DIMS],
	attentionBias: [OF_ATTENTION.map((name) => `attention.self.${name}.bias`), DIMS],
	joined: [["attention.output.dense.weight"], DIMS, DIMS],
	joinedBias: [["attention.output.dense.bias"], DIMS],
	joinedNorm: [["attention.output.LayerNorm.weight", "attention.output.LayerNorm.bias"], DIMS],
	wide: [["intermediate.dense.weight"], INNER, DIMS],
	wideBias: [["intermediate.dense.bias"], INNER],
	narrow: [["output.dense.weight"], DIMS, INNER],
	narrowBias: [["output.dense.bias"], DIMS],
	narrowNorm: [["output.LayerNorm.weight", "output.LayerNorm.bias"], DIMS],
};
const floatsOf = ([names, columns, depth = 1]) => names.length * columns * depth;

export const WEIGHTS_BYTES =
	4 * LAYERS * Object.values(LAYER).reduce((sum, shape) => sum + floatsOf(shape), 0);

/**
 * Where all of it is: by layer and name its address and its floats.
 *
 * @param {WebAssembly.Memory} memory
 * @param {number} address of the first of `WEIGHTS_BYTES`
 */
export function layersAt(memory, address) {
	return Array.from({ length: LAYERS }, () =>
		Object.fromEntries(
			Object.entries(LAYER).map(([name, shape]) => {
				const at = address;
				address += 4 * floatsOf(shape);
				return [name, { at, floats: new Float32Array(memory.buffer, at, floatsOf(shape)) }];
			}),
		),
	);
}

/**
 * Fills them from the file, and gives what makes a token's first numbers. Keeps nothing of the file.
 *
 * @param {Uint8Array} file
 */
export function load(file, layers) {
	const tensor = tensorsOf(file);
	for (const [i, layer] of layers.entries())
		for (const [name, [tensors, columns, depth = 1]] of Object.entries(LAYER))
			for (const [part, of] of tensors.entries()) {
				const matrix = tensor(`encoder.layer.${i}.${of}`);
				const to = layer[name].floats.subarray(part * matrix.length);
				if (depth === 1) to.set(matrix);
				else panels(matrix, columns, depth, to);
			}
	const words = tensor.raw("embeddings.word_embeddings.weight");
	return {
		word: (at) => FLOATS[words[at]],
		positions: tensor("embeddings.position_embeddings.weight"),
		type: tensor("embeddings.token_type_embeddings.weight").slice(0, DIMS),
		norm: Float32Array.from([
			...tensor("embeddings.LayerNorm.weight"),
			...tensor("embeddings.LayerNorm.bias"),
		]),
	};
}

/** A matrix as it is stored, columns × depth, in panels of `PANEL` columns. */
function panels(matrix, columns, depth, to) {
	for (let column = 0; column < columns; column++) {
		const first = (column - (column % PANEL)) * depth + (column % PANEL);
		for (let i = 0; i < depth; i++) to[first + i * PANEL] = matrix[column * depth + i];
	}
}

/** All 16-bit floats by their bits. */
const FLOATS = new Float32Array(65_536).map((_, bits) => {
	const [exponent, fraction] = [(bits >>> 10) & 31, bits & 1_023];
	const size =
		exponent === 0
			? fraction * 2 ** -24
			: exponent === 31
				? fraction
					? Number.NaN
					: Number.POSITIVE_INFINITY
				: (1 + fraction / 1_024) * 2 ** (exponent - 15);
	return bits >>> 15 ? -size : size;
});

/** Tensors of a file by name: `raw` as their bits in memory of their own, so that the file can be let go. */
function tensorsOf(file) {
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const length = Number(view.getBigUint64(0, true));
	const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
	const raw = (name) => {
		const { dtype, data_offsets: offsets } = header[name] ?? {};
		if (dtype !== "F16") throw new Error(`The embedding model's file has no ${name} of 16-bit floats.`);
		const [from, to] = offsets.map((offset) => 8 + length + offset);
		return new Uint16Array(file.slice(from, to).buffer);
	};
	return Object.assign((name) => Float32Array.from(raw(name), (bits) => FLOATS[bits]), { raw });
}
