import type { NextRequest } from "next/server";
import { csvOf, instant } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(request: NextRequest): Promise<Response> {
	const asked = (name: string) => request.nextUrl.searchParams.get(name) ?? undefined;
	return csvOf("audit", async (house) => {
		const { items } = (
			await house.acts({
				by: asked("by"),
				operation: asked("act"),
				before: Number.MAX_SAFE_INTEGER,
				limit: 1_000_000,
			})
		).found;
		return {
			heads: ["seq", "id", "at", "by", "operation", "what", "about", "reason"],
			rows: items.map((one) => [
				one.seq,
				one.id,
				instant(one.at),
				one.by,
				one.operation,
				one.says,
				one.about === null ? null : "agent" in one.about ? one.about.agent : one.about.message,
				one.reason,
			]),
		};
	});
}
