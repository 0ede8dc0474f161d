"use server";
import { opened } from "@/lib/doors/opened";

export interface Watched {
	/** Answers that fit. */
	count: number;
	/** The lowest price among them, whole scrip. */
	from: number | undefined;
}

const MOST = 20;
const FITS = 0.5;

/** What a free search finds now for each of these questions. */
export async function watched(tasks: string[]): Promise<Watched[]> {
	const { questions } = await opened();
	return Promise.all(
		tasks.slice(0, MOST).map(async (task) => {
			const { found } = await questions.search({
				q: String(task).slice(0, 8192),
				limit: MOST,
				min_reputation: 0,
			});
			const fitting = found.items.filter(({ confidence }) => confidence >= FITS);
			return {
				count: fitting.length,
				from: fitting.length === 0 ? undefined : Math.min(...fitting.map(({ price }) => price)),
			};
		}),
	);
}
