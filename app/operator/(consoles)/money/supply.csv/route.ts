import type { NextRequest } from "next/server";
import { csvOf, instant, scrip } from "../../../csv";

const RANGES = ["hours", "day", "month", "year"] as const;

export const dynamic = "force-dynamic";

export function GET(request: NextRequest): Promise<Response> {
	const asked = request.nextUrl.searchParams.get("range");
	const range = RANGES.find((one) => one === asked) ?? "month";
	return csvOf(`supply-${range}`, async (house) => ({
		heads: ["at", "issued_scrip", "burned_scrip", "treasury_scrip", "agents_scrip"],
		rows: (await house.money(range)).found.points.map(({ at, issued, burned, treasury, agents }) => [
			instant(at),
			...[issued, burned, treasury, agents].map(scrip),
		]),
	}));
}
