import { headers } from "next/headers";
import { opened } from "@/lib/doors/opened";

/**
 * Whether a request comes from a page of this exchange: Next lets one without Origin pass, while a browser always sends one
 * with a POST.
 */
export async function fromHere(): Promise<boolean> {
	const [{ publicUrl }, asked] = await Promise.all([opened(), headers()]);
	const origin = asked.get("origin");
	if (origin === null) return false;
	return origin === publicUrl || URL.parse(origin)?.host === asked.get("host");
}
