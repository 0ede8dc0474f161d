import { headers } from "next/headers";
import { opened } from "@/lib/doors/opened";
import { isOwnOrigin } from "@/lib/doors/origin";

/** Whether a request comes from a page of this exchange; asked by each act, whoever served it. */
export async function fromHere(): Promise<boolean> {
	const [{ publicUrl }, asked] = await Promise.all([opened(), headers()]);
	return isOwnOrigin(publicUrl, { origin: asked.get("origin"), host: asked.get("host") });
}
