"use client";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

// What polls comes after the page: the number the server gave stands there first.
const Polled = lazy(() => import("./waiting-polled"));

/** How many things wait for the reader, beside the link to the desk. */
export function WaitingCount({ count }: { count: number }) {
	const [ready, setReady] = useState(false);
	useEffect(() => setReady(true), []);
	const shown = <Count count={count} />;
	if (!ready) return shown;
	return (
		<Suspense fallback={shown}>
			<Polled count={count}>{(now) => <Count count={now} />}</Polled>
		</Suspense>
	);
}

function Count({ count }: { count: number }) {
	const t = useTranslations("common");
	if (count === 0) return null;
	return (
		<span className="relative ml-1 rounded border border-edge px-1 text-ink text-xs tabular-nums">
			<span aria-hidden="true">{count}</span>
			<span className="sr-only">{t("waitForYou", { count })}</span>
		</span>
	);
}
