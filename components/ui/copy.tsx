"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "./button";

export function Copy({ text, label }: { text: string; label?: string }) {
	const t = useTranslations("common");
	const [copied, setCopied] = useState(false);
	return (
		<Button
			small
			onClick={async () => {
				await navigator.clipboard.writeText(text);
				setCopied(true);
				setTimeout(() => setCopied(false), 2000);
			}}
		>
			<span aria-live="polite">{copied ? t("copied") : (label ?? t("copy"))}</span>
		</Button>
	);
}
