import { Facts } from "@/components/ui/layout";
import type { Payload } from "@/lib/log/message";
import { ClaimText } from "../../show/claim";
import { words } from "../../viewing";

/** A message in its sender's own words, field by field, for who has to judge them. */
export async function Said({ of }: { of: { payload: Payload } }) {
	const common = await words("common");
	return (
		<Facts
			facts={leaves(of.payload).map(([name, value]) => ({
				name,
				value: <ClaimText by={common("claimSender")}>{value}</ClaimText>,
			}))}
		/>
	);
}

/** Every value that is no object, by the names that lead to it. */
function leaves(value: unknown, path: readonly string[] = []): [name: string, text: string][] {
	if (typeof value !== "object" || value === null) return [[path.join(" "), String(value)]];
	return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, name.replaceAll("_", " ")]));
}
