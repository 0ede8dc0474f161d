import { formats } from "@/app/viewing";

/** An instant in the reader's zone; UTC on hover, and for machines. */
export async function Time({ at, form = "short" }: { at: number | string | Date; form?: "short" | "day" }) {
	const format = await formats();
	const instant = new Date(at);
	return (
		<time
			dateTime={instant.toISOString()}
			title={`${instant.toISOString().slice(0, 19).replace("T", " ")} UTC`}
		>
			{format.dateTime(instant, form === "day" ? DAY : SHORT)}
		</time>
	);
}

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const SHORT = {
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;
