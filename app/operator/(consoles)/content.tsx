import { Scrolled } from "@/components/ui/scrolled";
import type { PutView } from "@/lib/doors/operator-questions";
import { ClaimText } from "../../show/claim";
import { formats, words } from "../../viewing";

/** The goods themselves, as far as they are shown here, in a window of their own. */
export async function Content({
	of,
	message,
	mono,
}: {
	of: PutView["content"];
	/** Where the whole of it is. */
	message: string;
	mono: boolean;
}) {
	const [t, common, format] = await Promise.all([words("operator"), words("common"), formats()]);
	return (
		<>
			<p className="py-2 text-sm">
				{of.hashHolds ? (
					<span className="text-quiet">{t("hashHolds")}</span>
				) : (
					<span className="text-loss">{t("hashBroken")}</span>
				)}{" "}
				{!of.whole && (
					<a href={`/messages/${message}`}>{t("contentCut", { characters: format.number(of.characters) })}</a>
				)}
			</p>
			<Scrolled label={t("content")}>
				<ClaimText by={common("claimSeller")} mono={mono}>
					{of.text}
				</ClaimText>
			</Scrolled>
		</>
	);
}
