"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { seen } from "@/components/frame/seen";

/**
 * Shows an order, or a deal on the board, anew when something is said about it, and when a time that it shows is over. What is on the page stays where
 * it is: only what changed is drawn, and that there is news is said aloud.
 */
export function LiveOrder({
	says,
	queries,
	after,
	known,
	overInMs,
	due,
}: {
	/** What is said aloud. */
	says: Record<"answered" | "over", string>;
	/** Which part of the log to listen to: `to=<key>`, `sender=<key>`. */
	queries: string[];
	/** The log position that the page shows. */
	after: number;
	/** Its messages so far: whatever answers one of them is news. */
	known: string[];
	/** Until the next time is over; undefined when there is none. */
	overInMs: number | undefined;
	/** The exchange owes something now. */
	due: boolean;
}) {
	const router = useRouter();
	const [news, setNews] = useState<"answered" | "over">();
	const ids = useRef(known);
	ids.current = known;
	const from = useRef(after);
	const asked = queries.join(" ");

	useEffect(() => {
		const heard = ({ data, lastEventId }: MessageEvent<string>) => {
			const { id, antecedents } = JSON.parse(data) as { id: string; antecedents: string[] };
			if (ids.current.includes(id) || !antecedents.some((one) => ids.current.includes(one))) return;
			seen(Number(lastEventId));
			setNews("answered");
			router.refresh();
		};
		// As long as the page is open: where a stream has got to, it knows itself.
		const streams = asked
			.split(" ")
			.map((query) => new EventSource(`/api/messages/stream?${query}&after=${from.current}`));
		for (const stream of streams) stream.addEventListener("message", heard);
		return () => {
			for (const stream of streams) stream.close();
		};
	}, [asked, router]);

	useEffect(() => {
		if (overInMs === undefined || overInMs > LONGEST_MS) return;
		const timer = setTimeout(() => {
			setNews("over");
			router.refresh();
		}, overInMs + A_MOMENT_MS);
		return () => clearTimeout(timer);
	}, [overInMs, router]);

	useEffect(() => {
		if (!due) return;
		const timer = setInterval(() => router.refresh(), DUE_MS);
		return () => clearInterval(timer);
	}, [due, router]);

	return (
		<p role="status" className="sr-only">
			{news && says[news]}
		</p>
	);
}

/** What a browser's timer can hold. */
const LONGEST_MS = 2 ** 31 - 1 - 1_000;
/** So that it is over when it is asked. */
const A_MOMENT_MS = 1_000;
/** What the exchange does of its own accord is addressed to nobody: no stream of anybody's tells it. */
const DUE_MS = 5_000;
