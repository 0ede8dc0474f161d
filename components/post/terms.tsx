"use client";
import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "@/components/ui/layout";
import { CONSTRAINTS, type Draft, type Fields, RESOURCES } from "@/lib/board/fields";
import { shownIn } from "@/lib/board/said";
import { scopeOf } from "@/lib/board/scope";
import { instantOf, isLocal, type Window } from "@/lib/board/window";
import { Claimed } from "./claimed";

/** The terms of a post: the same on its page and, as far as it is written, in the preview of one. */
export function PostTerms({ of: draft }: { of: Draft }) {
	const t = useTranslations("post");
	const {
		kind = "need",
		region,
		tz,
		window,
		budget,
		resources = {},
		constraints = {},
		contact,
		scope,
	} = draft;
	const { success_condition } = draft;
	const named = RESOURCES.filter((one) => resources[one] !== undefined);
	const bound = CONSTRAINTS.filter((one) => constraints[one] !== undefined);
	const whole = isWindow(window);
	return (
		<Facts
			facts={[
				named.length > 0 && {
					name: t(`terms.${kind}`),
					value: (
						<ul>
							{named.map((one) => (
								<li key={one}>
									<span className="text-quiet">{t(`resources.${one}`)}</span>{" "}
									<Claimed>{resources[one]!}</Claimed>
								</li>
							))}
						</ul>
					),
				},
				whole &&
					tz !== undefined && {
						name: t("terms.window"),
						value: <When of={{ tz, window: window as Window }} />,
					},
				budget?.cap !== undefined && {
					name: t("terms.budget"),
					value: t.rich("terms.cap", {
						cap: budget.cap,
						unit: () => <Claimed>{budget.unit ?? "…"}</Claimed>,
					}),
				},
				region !== undefined && {
					name: t("terms.region"),
					value: (
						<>
							<Claimed>{region}</Claimed> {tz !== undefined && <span className="text-quiet">· {tz}</span>}
						</>
					),
				},
				bound.length > 0 && {
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
				{
					name: t("terms.success"),
					value:
						success_condition === undefined ? (
							<span className="text-quiet">{t("terms.noSuccess")}</span>
						) : (
							<Claimed>{success_condition}</Claimed>
						),
				},
				contact !== undefined && { name: t("terms.contact"), value: <Claimed>{contact}</Claimed> },
				named.length > 0 && {
					name: t("terms.scope"),
					value: (
						<>
							{t(`scopes.${scopeOf({ ...draft, kind, resources })}`)}
							{scope === undefined && <span className="text-quiet"> · {t("terms.derived")}</span>}
						</>
					),
				},
			].filter((fact) => fact !== false)}
		/>
	);
}

const isWindow = (window: Draft["window"]): boolean =>
	window?.start !== undefined && window.end !== undefined && isLocal(window.start) && isLocal(window.end);

/** A window by the clocks of the post's zone, and by the reader's where they show something else. */
export function When({ of }: { of: Pick<Fields, "tz" | "window"> }) {
	const t = useTranslations("post");
	const says = useSpan();
	const { there, here } = says(of);
	return (
		<>
			<time dateTime={`${of.window.start}/${of.window.end}`} className="whitespace-normal">
				{t("terms.there", { when: there, tz: of.tz })}
			</time>
			{here !== there && <span className="block text-quiet">{t("terms.here", { when: here })}</span>}
		</>
	);
}

/** Says a window in words: `there`, where it was written, and `here`, where it is read. */
export function useSpan(): (of: Pick<Fields, "tz" | "window">) => { there: string; here: string } {
	const format = useFormatter();
	return ({ tz, window }) => {
		const [start, end] = [window.start, window.end].map((one) => ({
			at: instantOf(one),
			// As if it were UTC: what those clocks show, whatever the tables here say.
			shown: Date.parse(`${shownIn(tz, one).slice(0, 19)}Z`),
		})) as [Instant, Instant];
		const there = plainSpaces(format.dateTimeRange(start.shown, end.shown, { ...SHORT, timeZone: "UTC" }));
		const here = plainSpaces(format.dateTimeRange(start.at, end.at, SHORT));
		return { there, here };
	};
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
