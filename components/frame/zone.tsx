"use client";
import { useEffect } from "react";
import { prefer } from "@/app/preferences";

/** Tells the pages once in which zone this reader lives; until then they speak in UTC. */
export function Zone({ known }: { known: string }) {
	useEffect(() => {
		const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
		if (timeZone !== known) prefer("zone", timeZone);
	}, [known]);
	return null;
}
