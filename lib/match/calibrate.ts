import { type Calibration, fitCalibration, lexicalCalibration, minilmCalibration } from "./calibration";
import type { Embedder } from "./embedder";
import { entries, unanswerable } from "./evaluation";
import { MatchIndex } from "./match-index";
import { entryText, windows } from "./text";

/**
 * The calibration of an embedder. Known ones have theirs; any other is measured on the evaluation set, about 180 short
 * texts: another model's cosines lie elsewhere, and a borrowed floor would show everything or nothing. Rejects with what
 * the embedder rejects with.
 */
export async function calibrationOf(embedder: Embedder): Promise<Calibration> {
	if (embedder.dims === 0) return lexicalCalibration;
	if (embedder.id.startsWith("all-MiniLM-L6-v2@")) return minilmCalibration;
	const index = new MatchIndex(embedder.dims, { id: "", slope: 1, offset: 0, floor: 0 });
	for (const { id, description, domains } of entries) {
		const text = entryText(description, domains);
		index.put({ id, text, vectors: await embedder.embed(windows(text), "content") });
	}
	const scores = async (text: string) => {
		const [vector] = await embedder.embed([text], "content");
		return index.search({ text, vector: vector! }, () => true, entries.length).hits;
	};
	const right: number[] = [];
	for (const { id, asked } of entries)
		right.push((await scores(asked)).find((hit) => hit.id === id)?.score ?? 0);
	const wrong: number[] = [];
	for (const question of unanswerable) wrong.push((await scores(question))[0]?.score ?? 0);
	return fitCalibration(`${embedder.id}/fitted`, right, wrong);
}
