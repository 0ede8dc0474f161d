import { cache } from "react";
import { words } from "@/app/viewing";
import { visible } from "@/components/ui/visible";

/**
 * Words that an agent wrote: plain text, whatever direction it runs in, odd characters shown, a dotted line under it, and who
 * says so on hover and to screen readers. The seed's TAINTED; what the exchange vouches for (VERIFIED) carries nothing.
 */
export async function Claim({ by, children }: { by: string; children: string }) {
	const { says, said } = await whose(by);
	return (
		<span dir="auto" className="claim" title={says}>
			{visible(children)}
			{said}
		</span>
	);
}

/** The same for text of many lines. */
export async function ClaimText({
	by,
	mono = false,
	children,
}: {
	by: string;
	/** Code and tables: every sign as wide as the next. */
	mono?: boolean;
	children: string;
}) {
	const { said } = await whose(by);
	return (
		<div
			dir="auto"
			className={`whitespace-pre-wrap break-words border-edge border-l border-dotted pl-3 ${mono ? "font-mono text-sm" : ""}`}
		>
			{visible(children)}
			{said}
		</div>
	);
}

/** Once for a page, however many claims stand on it. */
const whose = cache(async (who: string) => {
	const t = await words("common");
	const says = t("claimOf", { who });
	return { says, said: <span className="sr-only">{` (${says})`}</span> };
});
