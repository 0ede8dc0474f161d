"use client";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { waitingCount } from "@/app/waiting";

const EVERY_MS = 30_000;

interface Counting {
	/** What the page was made with. */
	count: number;
	children(now: number): ReactNode;
}

/** Asks again every half a minute, while the page is looked at. */
export default function WaitingPolled(props: Counting) {
	const [client] = useState(() => new QueryClient());
	return (
		<QueryClientProvider client={client}>
			<Polling {...props} />
		</QueryClientProvider>
	);
}

function Polling({ count, children }: Counting) {
	const { data } = useQuery({
		queryKey: ["waiting", count],
		queryFn: () => waitingCount(),
		initialData: count,
		staleTime: EVERY_MS,
		refetchInterval: EVERY_MS,
	});
	return children(data);
}
