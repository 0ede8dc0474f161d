"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

const EVERY_MS = 5_000;

/** Keeps a page of figures current while it is looked at. It can be stopped (WCAG 2.2.2), and is announced to nobody. */
export function Alive() {
	const t = useTranslations("operator");
	const router = useRouter();
	const [live, setLive] = useState(true);
	useEffect(() => {
		if (!live) return;
		const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), EVERY_MS);
		return () => clearInterval(timer);
	}, [live, router]);
	return (
		<label className="flex items-center gap-2 text-sm">
			<input
				type="checkbox"
				checked={live}
				onChange={({ target }) => setLive(target.checked)}
				className="accent-accent"
			/>
			{t("health.live")}
		</label>
	);
}
