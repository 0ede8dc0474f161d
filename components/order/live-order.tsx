"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

/**
 * Shows an order anew when something is said about it, and when a time that it shows is over. What is on the page stays where
 * it is: only what changed is drawn, and it is said aloud once. `query` narrows the stream; `known`: the messages of the order,
 * so that whatever answers one of them is news.
 */
export function LiveOrder({
	query,
	after,
	known,
	deadline,
}: {
	query: string;
	/** The log position that the page shows. */
	after: number;
	known: string[];
	/** Milliseconds from now until the next time is over; undefined when nothing waits. */
	deadline: number | undefined;
}) {
	const t = useTranslations("order");
	const router = useRouter();
	const [news, setNews] = useState<"answered" | "over">();
	const ids = useRef(known);
	ids.current = known;
	const from = useRef(after);

	useEffect(() => {
		// One stream as long as the page is open: where it has got to, it knows itself.
		const stream = new EventSource(`/api/messages/stream?${query}&after=${from.current}`);
		stream.addEventListener("message", ({ data }) => {
			const { id, antecedents } = JSON.parse(data) as { id: string; antecedents: string[] };
			if (ids.current.includes(id) || !antecedents.some((one) => ids.current.includes(one))) return;
			setNews("answered");
			router.refresh();
		});
		return () => stream.close();
	}, [query, router]);

	useEffect(() => {
		if (deadline === undefined || deadline > LONGEST_MS) return;
		const timer = setTimeout(() => {
			setNews("over");
			router.refresh();
		}, deadline + A_MOMENT_MS);
		return () => clearTimeout(timer);
	}, [deadline, router]);

	return (
		<p role="status" className="sr-only">
			{news && t(news)}
		</p>
	);
}

/** What a browser's timer can hold. */
const LONGEST_MS = 2 ** 31 - 1 - 1_000;
/** The exchange's own word on what is over comes within this. */
const A_MOMENT_MS = 1_000;
