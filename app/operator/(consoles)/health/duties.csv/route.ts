import { csvOf, instant } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("parked-duties", async (house) => ({
		heads: ["duty", "kind", "subject", "due", "tries", "error"],
		rows: (await house.health()).owed.parked.map((one) => [
			one.id,
			one.kind,
			one.subject,
			instant(one.due),
			one.tries,
			one.error,
		]),
	}));
}
