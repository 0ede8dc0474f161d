"use client";
import { useEffect, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BEAT_MS = 20_000;

/** How long something still holds. Counted from what the exchange's clock said, whatever this browser's says. */
export function Left({ ms }: { ms: number }) {
	const t = useTranslations("common");
	const format = useFormatter();
	const [left, setLeft] = useState(ms);
	useEffect(() => {
		const began = performance.now();
		setLeft(ms);
		const timer = setInterval(() => setLeft(ms - (performance.now() - began)), BEAT_MS);
		return () => clearInterval(timer);
	}, [ms]);

	if (left <= 0) return null;
	const [value, unit] =
		left >= 2 * DAY_MS
			? [left / DAY_MS, "day"]
			: left >= 2 * HOUR_MS
				? [left / HOUR_MS, "hour"]
				: [Math.max(1, left / MINUTE_MS), "minute"];
	const amount = format.number(Math.floor(value as number), {
		style: "unit",
		unit: unit as string,
		unitDisplay: "long",
	});
	return <>{t("left", { left: amount })}</>;
}
