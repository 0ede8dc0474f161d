"use server";
import { opened } from "@/lib/doors/opened";
import { endSessions } from "@/lib/doors/sessions";
import { viewer } from "./session";

/** Ends one of the viewer's own sessions by its id, or all of them, this one too. */
export async function end(id?: string): Promise<void> {
	const [{ house }, who] = await Promise.all([opened(), viewer()]);
	if (who) await endSessions(house, who.signer, id);
}
