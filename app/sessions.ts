"use server";
import { opened } from "@/lib/doors/opened";
import { endSessions } from "@/lib/doors/sessions";
import { fromHere } from "./origin";
import { viewer } from "./session";

/** Ends one of the viewer's own sessions by its id, or all of them, this one too. */
export async function end(id?: string): Promise<void> {
	const [{ house }, who, here] = await Promise.all([opened(), viewer(), fromHere()]);
	if (who && here) await endSessions(house, who.signer, id);
}
