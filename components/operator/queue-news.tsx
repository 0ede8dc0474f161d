"use client";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { AnyKind } from "@/app/operator/queue";
import { waiting } from "@/app/operator/waiting";
import { Button } from "@/components/ui/button";

const EVERY_MS = 10_000;

interface Waiting {
	id: string;
	by: string | null;
}

interface Props {
	shown: Waiting[];
	/** The case that is being read. */
	chosen: string | undefined;
	kind: AnyKind | undefined;
}

/** New cases announce themselves; who has come to a case, and that somebody ruled on this one, shows without being asked for. */
export function QueueNews(props: Props) {
	const [client] = useState(() => new QueryClient());
	return (
		<QueryClientProvider client={client}>
			<News {...props} />
		</QueryClientProvider>
	);
}

function News({ shown, chosen, kind }: Props) {
	const t = useTranslations("common");
	const router = useRouter();
	const { data } = useQuery({
		// What this page shows is news to nobody: asked anew whenever it shows something else.
		queryKey: ["waiting", kind, shown],
		queryFn: () => waiting(kind),
		initialData: shown,
		refetchInterval: EVERY_MS,
	});
	const known = new Map(shown.map(({ id, by }) => [id, by]));
	const count = data.filter(({ id }) => !known.has(id)).length;
	const claimed = data.some(({ id, by }) => known.has(id) && known.get(id) !== by);
	const ruled = chosen !== undefined && known.has(chosen) && data.every(({ id }) => id !== chosen);

	useEffect(() => {
		if (claimed || ruled) router.refresh();
	}, [claimed, ruled, router]);

	return (
		<span role="status" className="empty:absolute">
			{count > 0 && (
				<Button small onClick={() => router.refresh()}>
					{t("new", { count })}
				</Button>
			)}
		</span>
	);
}
