import type { Metadata } from "next";
import { opened } from "@/lib/doors/opened";

/** The same board for readers of feeds: `<link rel=alternate>`. */
export async function feeds(week?: string): Promise<Metadata["alternates"]> {
	const { publicUrl } = await opened();
	const query = week === undefined ? "" : `?week=${week}`;
	return {
		types: {
			"application/feed+json": `${publicUrl}/api/board.json${query}`,
			"application/atom+xml": `${publicUrl}/api/board.atom${query}`,
		},
	};
}
