"use client";
import { useTranslations } from "use-intl";
import { visible } from "@/components/ui/visible";

/** What app/show/claim draws on the server, for words that are still being written in the browser: an author's. */
export function Claimed({ children }: { children: string }) {
	const common = useTranslations("common");
	const says = common("claimOf", { who: common("claimAuthor") });
	return (
		<span dir="auto" className="claim" title={says}>
			{visible(children)}
			<span className="sr-only">{` (${says})`}</span>
		</span>
	);
}
