"use client";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { watched } from "@/app/(site)/desk/watched";
import { Button } from "@/components/ui/button";

const KEPT = "watch";
const MOST = 20;
const EVERY_MS = 5 * 60_000;

/** Questions a reader asks again and again, kept in this browser, each with what a free search finds for it now. */
export function WatchList() {
	const [client] = useState(() => new QueryClient());
	return (
		<QueryClientProvider client={client}>
			<List />
		</QueryClientProvider>
	);
}

function List() {
	const t = useTranslations("desk");
	const common = useTranslations("common");
	const format = useFormatter();
	const id = useId();
	const [tasks, setTasks] = useState<string[]>([]);
	useEffect(() => setTasks(read()), []);
	const { data, isFetching, isError } = useQuery({
		queryKey: ["watched", tasks],
		queryFn: () => watched(tasks),
		enabled: tasks.length > 0,
		placeholderData: (before) => before,
		staleTime: EVERY_MS,
		refetchInterval: EVERY_MS,
		retry: 1,
	});
	const keep = (all: string[]) => {
		localStorage.setItem(KEPT, JSON.stringify(all));
		setTasks(all);
	};
	const foundFor = (at: number) => {
		const one = data?.[at];
		if (isError) return t("watch.failed");
		if (one === undefined || (isFetching && data?.length !== tasks.length)) return t("watch.looking");
		const price = one.from === undefined ? "" : common("scrip", { amount: format.number(one.from) });
		return `${t("watch.found", { count: one.count })}${price && `, ${t("watch.from", { amount: price })}`}`;
	};
	return (
		<div className="flex flex-col gap-3 py-3">
			<p className="max-w-text text-quiet">{t("watch.lead")}</p>
			<ul className="divide-y divide-line empty:hidden">
				{tasks.map((task, at) => (
					<li key={task} className="flex items-baseline justify-between gap-4 py-2">
						<span className="min-w-0">
							<a href={`/exchange?${new URLSearchParams({ q: task })}`} className="break-words">
								{task}
							</a>
							<span className="block text-quiet text-sm">{foundFor(at)}</span>
						</span>
						<button
							type="button"
							aria-label={t("watch.remove", { task })}
							className="size-6 text-quiet hover:text-ink"
							onClick={() => keep(tasks.filter((one) => one !== task))}
						>
							×
						</button>
					</li>
				))}
			</ul>
			<form
				className="flex max-w-text flex-wrap items-end gap-2"
				onSubmit={(event) => {
					event.preventDefault();
					const task = String(new FormData(event.currentTarget).get("task")).trim();
					if (task === "") return;
					keep([...tasks.filter((one) => one !== task), task].slice(-MOST));
					event.currentTarget.reset();
				}}
			>
				<div className="min-w-0 flex-1">
					<label htmlFor={id} className="font-medium">
						{t("watch.task")}
					</label>
					<input
						id={id}
						name="task"
						maxLength={8192}
						required
						autoComplete="off"
						className="mt-1 w-full min-w-40 rounded border border-edge bg-paper px-2.5 py-1.5"
					/>
				</div>
				<Button type="submit">{t("watch.add")}</Button>
			</form>
		</div>
	);
}

function read(): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
		return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
	} catch {
		return [];
	}
}
