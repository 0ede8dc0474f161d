"use server";
import { fromHere } from "../origin";
import { consoles } from "./consoles";

/** Has a parked duty tried again; false when it was not parked any more, or the asker may not. */
export async function again(duty: string): Promise<boolean> {
	const [house, ours] = await Promise.all([consoles(), fromHere()]);
	return ours && ((await house?.unpark(String(duty))) ?? false);
}
