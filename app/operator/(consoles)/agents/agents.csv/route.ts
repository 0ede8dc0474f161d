import { csvOf, instant, scrip } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("agents", async (house) => ({
		heads: [
			"key",
			"name",
			"kind",
			"owner",
			"claims_owner",
			"standing",
			"roles",
			"reputation",
			"hot_scrip",
			"last_seen",
		],
		rows: (await house.agents({ limit: 1_000_000 })).found.agents.map((one) => [
			one.key,
			one.name,
			one.kind,
			one.owner,
			one.claimsOwner,
			one.standing,
			one.roles.join(" "),
			one.reputation,
			scrip(one.hot),
			instant(one.lastSeenAt),
		]),
	}));
}
