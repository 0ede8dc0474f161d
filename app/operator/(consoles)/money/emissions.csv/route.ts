import { csvOf, instant } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("mints-and-burns", async (house) => ({
		heads: ["seq", "id", "at", "act", "scrip", "to", "why", "by"],
		rows: (await house.emissions(Number.MAX_SAFE_INTEGER, 1_000_000)).found.items.map((one) => [
			one.seq,
			one.id,
			instant(one.at),
			one.act,
			one.scrip,
			one.to,
			one.why,
			one.by,
		]),
	}));
}
