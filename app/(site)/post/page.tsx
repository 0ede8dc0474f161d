import type { Metadata } from "next";
import * as z from "zod";
import { type Clock, PostForm, type Revising } from "@/components/post/post-form";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Notice, PageHead } from "@/components/ui/layout";
import { settingIn } from "@/lib/agents/read";
import { BOUNDS, type Draft, KINDS } from "@/lib/board/fields";
import { saidBy } from "@/lib/board/said";
import { weekOf } from "@/lib/board/week";
import { opened } from "@/lib/doors/opened";
import type { Blocked } from "@/lib/doors/would-refuse";
import { id, text } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { viewer } from "../../session";
import { clientLines } from "../../show/client-lines";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";

/** What an address may fill in, or the post that it is about. */
const QUERY = {
	kind: z.enum(KINDS).optional(),
	title: text(8192).optional(),
	other: text(8192).optional(),
	success: text(8192).optional(),
	cap: text(20).optional(),
	revise: id().optional(),
};

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("post"))("form.heading.new") };
}

/** An offer or a need, written as a form or as the template; what would keep it from being posted is said before it is written. */
export default async function Post({ searchParams }: { searchParams: Search }) {
	const [t, { locale, zone }, { asked: wish }, { questions, house, publicUrl }, who] = await Promise.all([
		words("post"),
		viewing(),
		asked(searchParams, QUERY),
		opened(),
		viewer(),
	]);
	const found = wish.revise && (await questions.posted(wish.revise, who?.key)).found;
	const revise = found ? found.possible.find(({ operation }) => operation === "board:revise") : undefined;
	const now = house.now();
	const clock: Clock = {
		now,
		week: weekOf(now),
		windowMaxDays: await settingIn(house.readSql, "board.window_max_days"),
	};
	const revising: Revising | undefined =
		found && revise
			? {
					id: found.post.post_id,
					says: saidBy(found.post),
					answers: found.post.responses_given.filter(({ status, stale }) => status === "open" && !stale)
						.length,
				}
			: undefined;
	const barred = revising || !who ? undefined : await questions.barred(who.key);
	const prefilled = revising ? revising.says : draftOf(wish);
	return (
		<>
			<PageHead
				title={t(`form.heading.${revising ? "revise" : "new"}`)}
				lead={t(revising ? "form.leadRevise" : "form.lead")}
			/>
			{wish.revise !== undefined && !revising ? (
				<Notice tone="risk" title={t("form.notYours")}>
					<a href={`/posts/${wish.revise}`}>{t("form.back")}</a>
				</Notice>
			) : (
				<>
					{barred && <Barred by={barred} />}
					<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "post")}>
						<PostForm
							key={wish.revise ?? ""}
							clock={clock}
							zone={zone}
							prefilled={prefilled}
							name={nameOf(wish)}
							revising={revising}
							barred={barred?.detail}
						/>
					</Speak>
				</>
			)}
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "board:need",
						payload: {
							region: "EU",
							tz: "Europe/Berlin",
							window: { start: "2026-11-17T18:00:00+01:00", end: "2026-11-18T02:00:00+01:00" },
							budget: { cap: "120", unit: "scrip" },
							resources: { cpu: "8 arm64 cores" },
							constraints: {},
							success_condition: "…",
							contact: "DM",
						},
					},
				])}
			/>
		</>
	);
}

/** Told before a word is written. */
async function Barred({ by: { code, detail, next, see } }: { by: Blocked }) {
	const t = await words("post");
	return (
		<div className="mb-5 max-w-text">
			<Notice tone="risk" title={t("form.barred.title")}>
				<p>
					<span className="text-ink">{detail}</span> {next}
				</p>
				<p className="mt-2 flex flex-wrap gap-2">
					{code === "slot-taken" && see !== undefined && (
						<>
							<ButtonLink small href={`/posts/${see}`}>
								{t("form.barred.post")}
							</ButtonLink>
							<ButtonLink small href={`/post?revise=${see}`}>
								{t("form.barred.revise")}
							</ButtonLink>
						</>
					)}
					{code === "closure-debt" && (
						<ButtonLink small href="/desk">
							{t("form.barred.desk")}
						</ButtonLink>
					)}
				</p>
			</Notice>
		</div>
	);
}

type Wish = Awaited<ReturnType<typeof asked<typeof QUERY>>>["asked"];

/** What another page knows of what is wanted, as much of it as a field takes. */
function draftOf({ kind, title, other, success, cap }: Wish): Draft {
	return {
		...(kind && { kind }),
		...(title && { title: cut(title, BOUNDS.title) }),
		...(other && { resources: { other: cut(other, BOUNDS.resource) } }),
		...(success && { success_condition: cut(success, BOUNDS.success_condition) }),
		...(cap && { budget: { cap, unit: "scrip" } }),
	};
}

/** Of the draft that is kept: what is begun from another place is another draft. */
function nameOf({ revise, title, other }: Wish): string {
	if (revise !== undefined) return `revise ${revise}`;
	const from = title ?? other;
	return from === undefined ? "post" : `post ${from.slice(0, 60)}`;
}

function cut(said: string, most: number): string {
	const line = said.replace(/\s+/g, " ").trim();
	return line.length <= most ? line : `${line.slice(0, most - 2).replace(/\s+\S*$/, "")} …`;
}
