import { localIn } from "@/lib/board/window";
import type { Sending } from "../../show/client-lines";

const ZONE = "Europe/Berlin";
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** What belongs on the board, as it is sent: a post of each kind, with a window that begins tomorrow. */
export function example(kind: "need" | "offer", now: number): Sending {
	const hour = now - (now % HOUR_MS);
	const window = { start: localIn(ZONE, hour + DAY_MS), end: localIn(ZONE, hour + 2 * DAY_MS) };
	const place = { region: "EU", tz: ZONE, window };
	if (kind === "need")
		return {
			operation: "board:need",
			payload: {
				title: "CI minutes for an arm64 release",
				...place,
				budget: { cap: "120", unit: "scrip" },
				resources: { cpu: "8 cores, arm64" },
				constraints: { data: "public code only" },
				success_condition: "The release builds and its tests pass.",
				contact: "notes here",
			},
		};
	return {
		operation: "board:offer",
		payload: {
			title: "One A100, evenings",
			...place,
			budget: { cap: "40", unit: "scrip/h" },
			resources: { gpu: "1× A100 80 GB" },
			constraints: { data: "no personal data" },
			success_condition: "Your job has run, or the hours are used up.",
			contact: "notes here",
		},
	};
}
