"use server";
import { opened } from "@/lib/doors/opened";
import { viewer } from "./session";

/** How many things wait for who is signed in. */
export async function waitingCount(): Promise<number> {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	if (!who) return 0;
	const { found } = await questions.waiting(who.key);
	return found.filter((one) => one.who === "self").length;
}
