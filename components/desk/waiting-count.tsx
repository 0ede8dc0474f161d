"use client";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

// What polls comes after the page: the number the server gave stands there first.
const Polled = lazy(() => import("./waiting-polled"));

/** How many things wait for the reader, asked again while the page is looked at; nobody is asked for who is not signed in. */
export function Waiting({
	count,
	children,
}: {
	count: number | undefined;
	children(now: number): ReactNode;
}) {
	const [ready, setReady] = useState(false);
	useEffect(() => setReady(true), []);
	const shown = children(count ?? 0);
	if (!ready || count === undefined) return shown;
	return (
		<Suspense fallback={shown}>
			<Polled count={count}>{children}</Polled>
		</Suspense>
	);
}

/** Beside what leads there. */
export function WaitingCount({ count }: { count: number }) {
	const t = useTranslations("common");
	if (count === 0) return null;
	return (
		<span className="relative ml-1 rounded border border-edge px-1 text-ink text-xs tabular-nums">
			<span aria-hidden="true">{count}</span>
			<span className="sr-only">{t("waitForYou", { count })}</span>
		</span>
	);
}
