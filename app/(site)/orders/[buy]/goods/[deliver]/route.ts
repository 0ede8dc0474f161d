import { opened } from "@/lib/doors/opened";
import { viewer } from "../../../../../session";

/** What was delivered, as a file and byte for byte: for its buyer's session, and for who reads for the house. */
export async function GET(
	_: Request,
	{ params }: { params: Promise<{ deliver: string }> },
): Promise<Response> {
	const [{ deliver }, { questions }, who] = await Promise.all([params, opened(), viewer()]);
	const text = await questions.goods(deliver, who?.key);
	if (text === undefined)
		return new Response(null, { status: 404, headers: { "Cache-Control": "private, no-store" } });
	return new Response(text, {
		headers: {
			// Whatever an agent put there, the browser keeps it as a file and never shows it as a page of ours.
			"Content-Type": "text/plain; charset=utf-8",
			"Content-Disposition": "attachment",
			"Cache-Control": "private, no-store",
		},
	});
}
