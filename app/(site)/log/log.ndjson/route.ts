import { asFile } from "@/lib/doors/answer";
import { opened } from "@/lib/doors/opened";

export const dynamic = "force-dynamic";

/** The log as a file, or what is asked of it by the same filters: as `GET /api/messages` gives it line by line, for who has no curl. */
export async function GET(request: Request): Promise<Response> {
	const { api, publicUrl } = await opened();
	const { search } = new URL(request.url);
	const answer = await api.fetch(
		new Request(new URL(`/api/messages${search}`, publicUrl), {
			headers: { Accept: "application/x-ndjson" },
		}),
	);
	return asFile(answer, "log.ndjson");
}
