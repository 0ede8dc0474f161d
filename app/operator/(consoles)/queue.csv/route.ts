import { csvOf, instant } from "../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("queue", async (house) => {
		const { cases } = (await house.queue(undefined, 100_000)).found;
		return {
			heads: [
				"seq",
				"id",
				"kind",
				"why",
				"arrived",
				"until",
				"who",
				"standing",
				"entry",
				"content_type",
				"scrip",
				"claimed_by",
				"description",
			],
			rows: cases.map((one) => [
				one.seq,
				one.id,
				one.kind,
				one.why,
				instant(one.at),
				instant(one.until),
				one.who,
				one.standing,
				one.entry,
				one.contentType,
				one.scrip,
				one.claim?.by,
				one.description,
			]),
		};
	});
}
