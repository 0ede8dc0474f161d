import { csvOf, instant } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("setting-changes", async (house) => ({
		heads: ["seq", "id", "at", "name", "from", "to", "by", "reason"],
		rows: (await house.settingChanges()).found.map((one) => [
			one.seq,
			one.id,
			instant(one.at),
			one.name,
			one.from,
			one.to,
			one.by,
			one.reason,
		]),
	}));
}
