import { viewer } from "@/app/session";
import { words } from "@/app/viewing";
import { asFile, lines } from "@/lib/doors/answer";
import { opened } from "@/lib/doors/opened";

export const dynamic = "force-dynamic";

/** The reader's own history, as `GET /api/agents/{key}/history.ndjson` gives it. */
export async function GET(): Promise<Response> {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	if (!who) {
		const t = await words("desk");
		return new Response(`${t("signIn.text")}\n`, {
			status: 401,
			headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
		});
	}
	return asFile(lines(questions.history(who.key, who.key)), "history.ndjson");
}
