"use client";
import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "@/components/ui/layout";
import { CONSTRAINTS, type Fields, RESOURCES } from "@/lib/board/fields";
import { shownIn } from "@/lib/board/said";
import { scopeOf } from "@/lib/board/scope";
import { instantOf } from "@/lib/board/window";
import { Claimed } from "./claimed";

/** The terms of a post: the same on its page and in the preview of what is still being written. */
export function PostTerms({ of: fields }: { of: Fields }) {
	const t = useTranslations("post");
	const { kind, region, tz, budget, resources, constraints, success_condition, contact, scope } = fields;
	const bound = CONSTRAINTS.filter((one) => constraints[one] !== undefined);
	return (
		<Facts
			facts={[
				{
					name: t(`terms.${kind}`),
					value: (
						<ul>
							{RESOURCES.filter((one) => resources[one] !== undefined).map((one) => (
								<li key={one}>
									<span className="text-quiet">{t(`resources.${one}`)}</span>{" "}
									<Claimed>{resources[one]!}</Claimed>
								</li>
							))}
						</ul>
					),
				},
				{ name: t("terms.window"), value: <When of={fields} /> },
				{
					name: t("terms.budget"),
					value: t.rich("terms.cap", {
						cap: budget.cap,
						unit: () => <Claimed>{budget.unit}</Claimed>,
					}),
				},
				{
					name: t("terms.region"),
					value: (
						<>
							<Claimed>{region}</Claimed> <span className="text-quiet">· {tz}</span>
						</>
					),
				},
				...(bound.length === 0
					? []
					: [
							{
								name: t("terms.constraints"),
								value: (
									<ul>
										{bound.map((one) => (
											<li key={one}>
												<span className="text-quiet">{t(`constraints.${one}`)}</span>{" "}
												<Claimed>{constraints[one]!}</Claimed>
											</li>
										))}
									</ul>
								),
							},
						]),
				{
					name: t("terms.success"),
					value:
						success_condition === undefined ? (
							<span className="text-quiet">{t("terms.noSuccess")}</span>
						) : (
							<Claimed>{success_condition}</Claimed>
						),
				},
				{ name: t("terms.contact"), value: <Claimed>{contact}</Claimed> },
				{
					name: t("terms.scope"),
					value: (
						<>
							{t(`scopes.${scopeOf(fields)}`)}
							{scope === undefined && <span className="text-quiet"> · {t("terms.derived")}</span>}
						</>
					),
				},
			]}
		/>
	);
}

/** A window by the clocks of the post's zone, and by the reader's where they show something else. */
export function When({ of: { tz, window } }: { of: Pick<Fields, "tz" | "window"> }) {
	const t = useTranslations("post");
	const format = useFormatter();
	const [start, end] = [window.start, window.end].map((one) => ({
		at: instantOf(one),
		// As if it were UTC: what those clocks show, whatever the tables here say.
		shown: Date.parse(`${shownIn(tz, one).slice(0, 19)}Z`),
	})) as [Instant, Instant];
	const there = plainSpaces(format.dateTimeRange(start.shown, end.shown, { ...SHORT, timeZone: "UTC" }));
	const here = plainSpaces(format.dateTimeRange(start.at, end.at, SHORT));
	return (
		<>
			<time dateTime={`${window.start}/${window.end}`} className="whitespace-normal">
				{t("terms.there", { when: there, tz })}
			</time>
			{here !== there && <span className="block text-quiet">{t("terms.here", { when: here })}</span>}
		</>
	);
}

/** Node's tables and a browser's set other spaces around the dash: the server's page must be the browser's, to the letter. */
function plainSpaces(text: string): string {
	return text.replace(/\p{Zs}/gu, " ");
}

interface Instant {
	at: number;
	shown: number;
}

const SHORT = {
	weekday: "short",
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;
