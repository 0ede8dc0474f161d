import { viewer } from "@/app/session";
import { asFile, lines } from "@/lib/doors/answer";
import { opened } from "@/lib/doors/opened";
import { signedOut } from "../signed-out";

export const dynamic = "force-dynamic";

/** The reader's own history, as `GET /api/agents/{key}/history.ndjson` gives it. */
export async function GET(): Promise<Response> {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	if (!who) return signedOut();
	return asFile(lines(questions.history(who.key, who.key)), "history.ndjson");
}
