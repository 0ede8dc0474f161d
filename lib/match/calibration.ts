/**
 * How a raw score becomes a relevance, and below which score an entry is not shown at all. A score means nothing across
 * embedders (unrelated texts stand at 0.1 with one model and at 0.7 with another), so each has its own, and a new
 * fit gets a new id: the id goes into `search_meta`, where old answers stay explicable.
 */
export type Calibration = {
	/** What it was fitted for and which fit it is, e.g. `all-MiniLM-L6-v2/1`. */
	id: string;
	/** relevance = sigmoid(slope × score + offset) */
	slope: number;
	offset: number;
	/** An empty match beats a wrong one: scores below this are not shown (RULES, Ranking). */
	floor: number;
};

/** The weight of BM25 beside the cosine, for every embedder. Rank fusion was worse and says nothing absolute. */
export const LEXICAL_WEIGHT = 0.3;

/** Fitted on 5,000 entries, 300 answerable and 130 unanswerable questions; `evaluation.test.ts` holds it to account. */
export const minilmCalibration: Calibration = {
	id: "all-MiniLM-L6-v2/1",
	slope: 18.5,
	offset: -12.2,
	floor: 0.54,
};

/**
 * For words alone: the lexical driver, entries not embedded yet, and questions an embedder failed on. The score is the
 * share of the question's own highest possible BM25. `fitCalibration` on the evaluation set gives slope 46 and a half at 0.106; the
 * half is moved up to 0.1375, because a larger inventory than that set finds more words by chance.
 */
export const lexicalCalibration: Calibration = {
	id: "lexical/1",
	slope: 40,
	offset: -5.5,
	floor: 0.1,
};

/** The relevance of a score, 0…1. */
export const relevanceOf = (calibration: Calibration, score: number): number =>
	1 / (1 + Math.exp(-(calibration.slope * score + calibration.offset)));

/**
 * A calibration from scores of known worth: `right` are scores of entries that answer the question, `wrong` the best
 * scores found for questions nothing answers. Logistic regression; the floor keeps 90 % of the right ones. The two
 * sides weigh the same however many there are of each.
 */
export function fitCalibration(id: string, right: readonly number[], wrong: readonly number[]): Calibration {
	if (right.length === 0 || wrong.length === 0) throw new RangeError("A fit needs scores of both kinds.");
	let slope = 0;
	let offset = 0;
	const samples = [
		...right.map((score) => ({ score, worth: 1, weight: 0.5 / right.length })),
		...wrong.map((score) => ({ score, worth: 0, weight: 0.5 / wrong.length })),
	];
	const loss = (a: number, b: number) =>
		samples.reduce(
			(sum, { score, worth, weight }) => {
				const z = (worth ? 1 : -1) * (a * score + b);
				return sum + weight * (z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z);
			},
			0.5 * RIDGE * a * a,
		);
	for (let round = 0; round < 100; round++) {
		let [ga, gb, haa, hab, hbb] = [RIDGE * slope, 0, RIDGE, 0, RIDGE];
		for (const { score, worth, weight } of samples) {
			const p = 1 / (1 + Math.exp(-(slope * score + offset)));
			ga += weight * (p - worth) * score;
			gb += weight * (p - worth);
			const h = weight * p * (1 - p);
			haa += h * score * score;
			hab += h * score;
			hbb += h;
		}
		const determinant = haa * hbb - hab * hab;
		const stepA = (hbb * ga - hab * gb) / determinant;
		const stepB = (haa * gb - hab * ga) / determinant;
		// Newton overshoots where the curve is flat: halve the step until the loss falls.
		let share = 1;
		while (share > 1e-6 && loss(slope - share * stepA, offset - share * stepB) > loss(slope, offset))
			share /= 2;
		slope -= share * stepA;
		offset -= share * stepB;
		if (Math.abs(share * stepA) < 1e-9 && Math.abs(share * stepB) < 1e-9) break;
	}
	const ascending = [...right].sort((a, b) => a - b);
	return { id, slope, offset, floor: ascending[Math.floor(ascending.length * 0.1)]! };
}

/** Scores that separate perfectly would send the slope to infinity. */
const RIDGE = 1e-6;
