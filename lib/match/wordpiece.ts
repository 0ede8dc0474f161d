/**
 * The tokenizer of BERT's uncased family, from a `tokenizer.json`: text is cleaned, lower-cased, stripped of accents,
 * split at spaces, punctuation and CJK characters, and each word is cut greedily into the longest known pieces.
 */
export function wordPiece(tokenizerJson: string): (text: string, maxTokens: number) => number[] {
	const { model, normalizer } = JSON.parse(tokenizerJson) as {
		model: { type?: string; vocab: Record<string, number> };
		normalizer?: { lowercase?: boolean } | null;
	};
	const special = (token: string) => {
		const id = model.vocab[token];
		if (id === undefined)
			throw new RangeError(`This tokenizer.json is not a WordPiece one: it has no ${token}.`);
		return id;
	};
	const [unknown, first, last] = [special("[UNK]"), special("[CLS]"), special("[SEP]")];
	const vocabulary = new Map(Object.entries(model.vocab));
	const lowercase = normalizer?.lowercase ?? true;

	const piecesOf = (word: string): number[] => {
		const characters = [...word];
		if (characters.length > LONGEST_WORD) return [unknown];
		const pieces: number[] = [];
		for (let from = 0; from < characters.length; ) {
			let to = characters.length;
			let id: number | undefined;
			for (; to > from; to--) {
				id = vocabulary.get((from ? "##" : "") + characters.slice(from, to).join(""));
				if (id !== undefined) break;
			}
			if (id === undefined) return [unknown];
			pieces.push(id);
			from = to;
		}
		return pieces;
	};

	return (text, maxTokens) => {
		const cleaned = text.replace(/[\0\uFFFD]|(?![\t\n\r])\p{C}/gu, "").replace(/\p{Script=Han}/gu, " $& ");
		const folded = lowercase
			? cleaned
					.toLowerCase()
					.normalize("NFD")
					.replace(/\p{Mn}/gu, "")
			: cleaned;
		const ids = [first];
		for (const [word] of folded.matchAll(/[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}]+/gu)) {
			ids.push(...piecesOf(word));
			if (ids.length >= maxTokens) break;
		}
		ids.length = Math.min(ids.length, maxTokens - 1);
		ids.push(last);
		return ids;
	};
}

const LONGEST_WORD = 100;
