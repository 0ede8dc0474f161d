"use server";
import { refresh } from "next/cache";
import { opened } from "@/lib/doors/opened";
import { putAside } from "@/lib/doors/rails/drafts";
import { fromHere } from "./origin";
import { viewer } from "./session";

/** Puts one of the viewer's own drafts aside. */
export async function aside(form: FormData): Promise<void> {
	const [{ house }, who, here] = await Promise.all([opened(), viewer(), fromHere()]);
	if (who && here) await putAside(house.sql, who.key, String(form.get("draft")));
	refresh();
}
