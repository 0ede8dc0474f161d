/**
 * GELU by the error function, and the exponential, to the last bit as candle's engine has them in WebAssembly: the bundled
 * model's vectors were made by it, and vectors that are kept are compared with new ones. The error function is that of
 * statrs (after Boost), the exponentials are musl's (after FreeBSD's msun). V8's own Math.exp rounds otherwise.
 */

const fround = Math.fround;

/**
 * Of a 32-bit float, rounded to one. Nearly always from a table of the normal distribution: cubics over a 512th each, off by
 * less than 10⁻¹⁰; where so much could round to another number, by the error function itself.
 */
export function gelu(x) {
	if (x > LEAST && x < MOST) {
		const cell = ~~((x - LEAST) * CELLS);
		const d = x - (LEAST + (cell + 0.5) / CELLS);
		const at = cell * 4;
		const y = x * (TABLE[at] + d * (TABLE[at + 1] + d * (TABLE[at + 2] + d * TABLE[at + 3])));
		const low = fround(y * (1 - UNSURE));
		if (low === fround(y * (1 + UNSURE))) return low;
	}
	return exactGelu(x);
}

/** By the error function alone. */
export const exactGelu = (x) => fround((erf(x / Math.SQRT2) + 1) * 0.5 * x);

const [LEAST, MOST, CELLS, UNSURE] = [-3, 5, 512, 2e-10];

function erf(x) {
	const z = x < 0 ? -x : x;
	if (z < 0.5) {
		if (z < 1e-10) return z === 0 ? 0 : x * 1.125 + x * 0.0033791670955125737;
		const above =
			0.0033791670955125737 +
			z *
				(-0.0007369565304816795 +
					z *
						(-0.3747323373929196 +
							z *
								(0.08174424487335873 +
									z *
										(-0.04210893199365486 +
											z *
												(0.007016570951209575 + z * (-0.004950912559824351 + z * 0.0008716465990379225))))));
		const below =
			1 +
			z *
				(-0.21808821808792464 +
					z *
						(0.4125429727254421 +
							z *
								(-0.08418911478731067 +
									z *
										(0.06553388564002416 +
											z *
												(-0.012001960445494177 + z * (0.00408165558926174 + z * -0.0006159007215577697))))));
		const result = z * 1.125 + (z * above) / below;
		return x < 0 ? -result : result;
	}
	const result = 1 - complement(z);
	return x < 0 ? -result : result;
}

/** 1 − erf, for z ≥ 0.5. Nothing beyond 8 is left of it in 64 bits. */
function complement(z) {
	if (z >= 8) return 0;
	let ratio;
	let base;
	if (z < 0.75) {
		const w = z - 0.5;
		ratio =
			(-0.03617903907182625 +
				w *
					(0.2922518834448827 +
						w *
							(0.2814470417976045 +
								w * (0.12561020886276694 + w * (0.027413502826893053 + w * 0.0025083967216806575))))) /
			(1 +
				w *
					(1.8545005897903486 +
						w *
							(1.4357580303783142 +
								w * (0.5828276587530365 + w * (0.12481047693294975 + w * 0.011372417654635328)))));
		base = 0.3440242112;
	} else if (z < 1.25) {
		const w = z - 0.75;
		ratio =
			(-0.03978768926111369 +
				w *
					(0.1531652124678783 +
						w *
							(0.19126029560093624 +
								w *
									(0.10276327061989304 +
										w * (0.029637090615738836 + w * (0.004609348678027549 + w * 0.0003076078203486802)))))) /
			(1 +
				w *
					(1.955200729876277 +
						w *
							(1.6476231719938486 +
								w *
									(0.7682386070221262 +
										w * (0.20979318593650978 + w * (0.031956931689991336 + w * 0.0021336316089578537))))));
		base = 0.419990927;
	} else if (z < 2.25) {
		const w = z - 1.25;
		ratio =
			(-0.030083856055794972 +
				w *
					(0.05385788298444545 +
						w *
							(0.07262115416519142 +
								w *
									(0.036762846988804936 +
										w *
											(0.009646290155725275 + w * (0.0013345348007529107 + w * 0.00007780875997825043)))))) /
			(1 +
				w *
					(1.7596709814716753 +
						w *
							(1.3288357143796112 +
								w *
									(0.5525285965087576 +
										w *
											(0.13379305694133287 +
												w *
													(0.017950964517628076 +
														w * (0.0010471244001993736 + w * -1.0664038182035734e-8)))))));
		base = 0.4898625016;
	} else if (z < 3.5) {
		const w = z - 2.25;
		ratio =
			(-0.011790757013722784 +
				w *
					(0.01426213209053881 +
						w *
							(0.020223443590296084 +
								w *
									(0.009306682999904321 +
										w *
											(0.00213357802422066 + w * (0.00025022987386460105 + w * 0.000012053491221958819)))))) /
			(1 +
				w *
					(1.5037622520362048 +
						w *
							(0.9653977862044629 +
								w *
									(0.3392652304767967 +
										w * (0.06897406495415698 + w * (0.007710602624917683 + w * 0.0003714211015310693))))));
		base = 0.5317370892;
	} else if (z < 5.25) {
		const w = z - 3.5;
		ratio =
			(-0.005469547955387293 +
				w *
					(0.004041902787317071 +
						w *
							(0.005496336955316117 +
								w *
									(0.002126164726039454 +
										w *
											(0.0003949840144950839 +
												w * (0.00003655654770644424 + w * 0.0000013548589710993232)))))) /
			(1 +
				w *
					(1.2101969777363077 +
						w *
							(0.6209146682211439 +
								w *
									(0.17303843066114277 +
										w *
											(0.027655081377343203 +
												w *
													(0.0024062597442430973 +
														w * (0.00008918118172513365 + w * -4.655288362833827e-12)))))));
		base = 0.5489973426;
	} else {
		const w = z - 5.25;
		ratio =
			(-0.0027072253590577837 +
				w *
					(0.00131875634250294 +
						w *
							(0.0011992593326100233 +
								w * (0.00027849619811344664 + w * (0.000026782298821833186 + w * 9.230436723150282e-7))))) /
			(1 +
				w *
					(0.8146328085431416 +
						w *
							(0.26890166585629954 +
								w *
									(0.044987721610304114 +
										w *
											(0.0038175966332024847 + w * (0.00013157189788859692 + w * 4.048153596757641e-12))))));
		base = 0.5571740866;
	}
	const g = exp(-z * z) / z;
	return g * base + g * ratio;
}

const POWERS = new Float64Array(128).map((_, i) => 2 ** -i);

/** For 0 ≥ x ≥ −64. */
function exp(x) {
	let k = 0;
	let low = 0;
	let high = x;
	if (-x > 0.34657359027997264) {
		k = -x >= 1.0397207708399179 ? ~~(Math.LOG2E * x - 0.5) : -1;
		high = x - k * 0.6931471803691238;
		low = k * 1.9082149292705877e-10;
		x = high - low;
	} else if (-x < 3.725290298461914e-9) return 1 + x;
	const xx = x * x;
	const c =
		x -
		xx *
			(0.16666666666666602 +
				xx *
					(-0.0027777777777015593 +
						xx * (0.00006613756321437934 + xx * (-0.0000016533902205465252 + xx * 4.1381367970572385e-8))));
	const y = 1 + ((x * c) / (2 - c) - low + high);
	return k === 0 ? y : y * POWERS[-k];
}

const POWERS_32 = new Float32Array(152).map((_, i) => 2 ** -i);

/** For x ≤ 0, every step rounded to 32 bits. */
export function exp32(x) {
	if (x < -103.97208404541016) return 0;
	let k = 0;
	let low = 0;
	let high = x;
	if (-x > 0.3465735912322998) {
		k = -x > 1.0397207736968994 ? ~~fround(fround(1.4426950216293335 * x) - 0.5) : -1;
		high = fround(x - fround(k * fround(6.9314575195e-1)));
		low = fround(k * fround(1.4286067653e-6));
		x = fround(high - low);
	} else if (-x <= 0.0001220703125) return fround(1 + x);
	const xx = fround(x * x);
	const inner = fround(P1 + fround(xx * P2));
	const c = fround(x - fround(xx * inner));
	const y = fround(1 + fround(fround(fround(fround(x * c) / fround(2 - c)) - low) + high));
	return k === 0 ? y : fround(y * POWERS_32[-k]);
}
const P1 = fround(1.666662544e-1);
const P2 = fround(-2.7667332906e-3);

/** Of each cell's middle: the share of the normal distribution below it, and its first three derivatives as Taylor has them. */
const TABLE = new Float64Array((MOST - LEAST) * CELLS * 4);
for (let cell = 0; cell < (MOST - LEAST) * CELLS; cell++) {
	const x = LEAST + (cell + 0.5) / CELLS;
	const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
	TABLE.set(
		[(erf(x / Math.SQRT2) + 1) / 2, density, (-x * density) / 2, ((x * x - 1) * density) / 6],
		cell * 4,
	);
}
