/**
 * The tokenizer of BERT's uncased family, from a `tokenizer.json`: text is cleaned, lower-cased, stripped of accents,
 * split at spaces, punctuation and CJK characters, and each word is cut greedily into the longest known pieces. The same
 * ids as Hugging Face's own, but for words with one of 658 marks that Unicode has had since its tables were made. Plain
 * JavaScript, for the thread that embeds.
 *
 * @param {string} tokenizerJson
 * @returns {(text: string, maxTokens: number) => number[]}
 */
export function wordPiece(tokenizerJson) {
	const { model, normalizer, added_tokens: added = [] } = JSON.parse(tokenizerJson);
	const special = (token) => {
		const id = model.vocab[token];
		if (id === undefined)
			throw new RangeError(`This tokenizer.json is not a WordPiece one: it has no ${token}.`);
		return id;
	};
	const [unknown, first, last] = [special("[UNK]"), special("[CLS]"), special("[SEP]")];
	const vocabulary = new Map(Object.entries(model.vocab));
	const lowercase = normalizer?.lowercase ?? true;
	/** Tokens by their names, also where a text has one. */
	const named = new Map(added.map(({ content, id }) => [content, id]));
	const names = new RegExp(
		`(${[...named.keys()].map((content) => content.replace(/[^\\w]/g, "\\$&")).join("|") || "(?!)"})`,
	);

	const piecesOf = (word) => {
		const characters = [...word];
		if (characters.length > LONGEST_WORD) return [unknown];
		const pieces = [];
		for (let from = 0; from < characters.length; ) {
			let to = characters.length;
			let id;
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

	const wordsOf = (text) => {
		const cleaned = text
			.replace(/[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "")
			.replace(IDEOGRAPHS, " $& ");
		const folded = lowercase
			? cleaned
					.toLowerCase()
					.normalize("NFD")
					.replace(/\p{Mn}/gu, "")
			: cleaned;
		return folded.matchAll(/[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}]+/gu);
	};

	return (text, maxTokens) => {
		const ids = [first];
		for (const part of text.split(names)) {
			const id = named.get(part);
			if (id !== undefined) ids.push(id);
			else
				for (const [word] of wordsOf(part)) {
					ids.push(...piecesOf(word));
					if (ids.length >= maxTokens) break;
				}
		}
		ids.length = Math.min(ids.length, maxTokens - 1);
		ids.push(last);
		return ids;
	};
}

const LONGEST_WORD = 100;
/** As BERT has them: neither all of the script nor only what is written with it. */
const IDEOGRAPHS =
	/[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
