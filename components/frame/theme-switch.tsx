"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { prefer } from "@/app/preferences";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

export function ThemeSwitch({ chosen }: { chosen: "light" | "dark" | undefined }) {
	const t = useTranslations("common");
	const [theme, setTheme] = useState<Theme>(chosen ?? "system");
	const choose = (one: Theme) => {
		setTheme(one);
		// At once; what the server hears of it is for the next page.
		if (one === "system") delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = one;
		prefer("theme", one === "system" ? undefined : one);
	};
	return (
		<fieldset className="flex items-baseline gap-2">
			<legend className="float-left mr-1">{t("theme.label")}</legend>
			{THEMES.map((one) => (
				<label key={one} className="flex items-center gap-1">
					<input
						type="radio"
						name="theme"
						value={one}
						checked={theme === one}
						onChange={() => choose(one)}
						className="accent-accent"
					/>
					{t(`theme.${one}`)}
				</label>
			))}
		</fieldset>
	);
}
