import { type Cell, csv } from "@/lib/doors/csv";
import type { Consoles } from "@/lib/doors/operator-questions";
import { words } from "../viewing";
import { consoles } from "./consoles";

export interface Sheet {
	heads: readonly string[];
	rows: Iterable<readonly Cell[]>;
}

/** A table of the consoles as a file, whole: for who may read the console; a sentence for everybody else. */
export async function csvOf(name: string, sheet: (house: Consoles) => Promise<Sheet>): Promise<Response> {
	const house = await consoles();
	if (!house) {
		const t = await words("operator");
		return new Response(`${t("closed.title")}: ${t("closed.granted")}\n`, {
			status: 403,
			headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
		});
	}
	const { heads, rows } = await sheet(house);
	return new Response(csv(heads, rows), {
		headers: {
			"Content-Type": "text/csv; charset=utf-8",
			"Content-Disposition": `attachment; filename="${name}.csv"`,
			"Cache-Control": "private, no-store",
		},
	});
}

/** Instants in a file are the log's own: UTC. */
export function instant(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}

/** Micro-scrip as scrip, exactly. */
export function scrip(micro: number): number {
	return micro / 1_000_000;
}
