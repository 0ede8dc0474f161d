import type { Sql } from "postgres";

/**
 * Small questions that come while one is out go together in the next: of many round trips one. No question is answered by
 * what was asked before it came, so whoever asks after a write reads it. `work` answers in the order of its questions; a group
 * that fails is asked one by one, so that one that fails alone takes no others with it.
 */
export function together<Question, Answer>(
	work: (questions: Question[]) => Promise<Answer[]>,
): (question: Question) => Promise<Answer> {
	interface Asking {
		question: Question;
		resolve(answer: Answer): void;
		reject(error: unknown): void;
	}
	let waiting: Asking[] = [];
	let out = false;

	async function answer(asking: Asking[]): Promise<void> {
		const answers = await work(asking.map(({ question }) => question));
		for (const [i, { resolve }] of asking.entries()) resolve(answers[i]!);
	}

	async function answerAll(): Promise<void> {
		out = true;
		// One turn of the loop lets questions that arrived together share the first.
		await new Promise<void>((resolve) => setImmediate(resolve));
		while (waiting.length > 0) {
			const asking = waiting;
			waiting = [];
			await answer(asking).catch(async (error) => {
				if (asking.length === 1) asking[0]!.reject(error);
				else for (const one of asking) await answer([one]).catch(one.reject);
			});
		}
		out = false;
	}

	return (question) =>
		new Promise((resolve, reject) => {
			waiting.push({ question, resolve, reject });
			if (!out) answerAll();
		});
}

/** The same for questions of one database or another: those of one go together. */
export function togetherOn<Question, Answer>(
	work: (sql: Sql, questions: Question[]) => Promise<Answer[]>,
): (sql: Sql, question: Question) => Promise<Answer> {
	const askers = new WeakMap<Sql, (question: Question) => Promise<Answer>>();
	return (sql, question) => {
		let asker = askers.get(sql);
		if (!asker) {
			asker = together((questions) => work(sql, questions));
			askers.set(sql, asker);
		}
		return asker(question);
	};
}
