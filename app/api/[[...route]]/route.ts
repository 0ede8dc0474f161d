import { opened } from "@/lib/doors/opened";

/** The API under `next start` and `next dev`; the start command's own server answers before Next is asked. */
async function answer(request: Request): Promise<Response> {
	const { api } = await opened();
	return api.fetch(request);
}

export const dynamic = "force-dynamic";
export {
	answer as DELETE,
	answer as GET,
	answer as HEAD,
	answer as OPTIONS,
	answer as PATCH,
	answer as POST,
	answer as PUT,
};
