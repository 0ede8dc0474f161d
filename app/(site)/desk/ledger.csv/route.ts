import { viewer } from "@/app/session";
import { type Cell, csv } from "@/lib/doors/csv";
import { opened } from "@/lib/doors/opened";
import { NEWEST } from "@/lib/doors/query";
import { signedOut } from "../signed-out";

export const dynamic = "force-dynamic";

const HEADS = ["seq", "at", "purse", "amount_scrip", "why", "with", "with_purse", "message_id"];
const PAGE = 1_000;

/** All that went through the reader's purses, newest first: amounts in scrip, exactly. */
export async function GET(): Promise<Response> {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	if (!who) return signedOut();
	const rows: Cell[][] = [];
	for (let before: number | undefined = NEWEST; before !== undefined; ) {
		const { found }: Awaited<ReturnType<typeof questions.ledger>> = await questions.ledger(
			who.key,
			before,
			PAGE,
		);
		for (const { seq, at, purse, amount, why, with: other, message_id } of found.items)
			rows.push([seq, at, purse, amount / 1_000_000, why, other.owner, other.purse, message_id]);
		before = found.next;
	}
	return new Response(csv(HEADS, rows), {
		headers: {
			"Content-Type": "text/csv; charset=utf-8",
			"Content-Disposition": 'attachment; filename="ledger.csv"',
			"Cache-Control": "private, no-store",
		},
	});
}
