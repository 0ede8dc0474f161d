import { words } from "../../viewing";

/** What stands behind a party of a case. */
export async function BoardParty({
	of,
}: {
	of: { standing: boolean; confirmed: number; openAgreements: number };
}) {
	const t = await words("operator");
	return (
		<p className="py-2 text-quiet text-sm">
			{t("board.party", {
				standing: `${of.standing}`,
				confirmed: of.confirmed,
				open: of.openAgreements,
			})}
		</p>
	);
}
