"use server";
import { cookies } from "next/headers";

const YEAR_SECONDS = 31_536_000;

/** How this reader looks at pages, kept for a year in cookies that hold nothing else; the page comes back in that form. */
export async function prefer(name: "theme" | "zone", value: string | undefined): Promise<void> {
	const jar = await cookies();
	if (value === undefined) jar.delete(name);
	else
		jar.set(name, value.slice(0, 64), { maxAge: YEAR_SECONDS, sameSite: "lax", httpOnly: true, path: "/" });
}
