"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import type { Draft } from "./draft";

/** Above a form in which stands what was written at an earlier visit. */
export function Restored({ draft }: { draft: Draft }) {
	const t = useTranslations("act");
	if (!draft.restored) return null;
	return (
		<p className="flex flex-wrap items-baseline gap-x-3 text-quiet text-sm" role="status">
			{t("draft")}
			<Button small onClick={draft.startOver}>
				{t("discard")}
			</Button>
		</p>
	);
}
