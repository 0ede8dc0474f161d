"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { seen } from "./seen";

/**
 * New rows announce themselves and nothing jumps: counts what the log has taken since the page was made, and shows it when
 * asked. `query` narrows the stream (`tag=exchange:put`, `to=<key>`); `after` is the log position the page shows.
 */
export function Live({ query, after }: { query: string; after: number }) {
	const t = useTranslations("common");
	const router = useRouter();
	const [news, setNews] = useState({ after, count: 0 });
	const count = news.after === after ? news.count : 0;

	useEffect(() => {
		const stream = new EventSource(`/api/messages/stream?${query}&after=${after}`);
		stream.addEventListener("message", ({ lastEventId }) => {
			seen(Number(lastEventId));
			setNews((before) => ({ after, count: (before.after === after ? before.count : 0) + 1 }));
		});
		return () => stream.close();
	}, [query, after]);

	return (
		<span role="status" className="inline-block min-h-7">
			{count > 0 && (
				<Button small onClick={() => router.refresh()}>
					{t("new", { count })}
				</Button>
			)}
		</span>
	);
}
