import { csvOf, instant } from "../../csv";
import { queue } from "../../queue";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("queue", async () => {
		const { cases } = await queue(undefined, 100_000);
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
				"about",
				"flags",
				"description",
			],
			rows: cases.map((one) => {
				const market = "entry" in one ? one : undefined;
				const board = "about" in one ? one : undefined;
				return [
					one.seq,
					one.id,
					one.kind,
					market?.why,
					instant(one.at),
					one.until === null ? undefined : instant(one.until),
					one.who,
					one.standing,
					market?.entry,
					market?.contentType,
					market?.scrip,
					one.claim?.by,
					board?.about,
					board?.flags ?? undefined,
					market?.description,
				];
			}),
		};
	});
}
