import { Notes } from "@/components/board/talk/notes";
import { LiveOrder } from "@/components/order/live-order";
import { Speak } from "@/components/strings/speak";
import { Facts, Section } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { visible } from "@/components/ui/visible";
import type { AgreementView } from "@/lib/board/read";
import { MAX_NOTE_BYTES } from "@/lib/client/notes";
import { opened } from "@/lib/doors/opened";
import type { Posted } from "@/lib/doors/post-questions";
import type { Payload } from "@/lib/log/message";
import { namesOf } from "../../../names";
import type { Viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { clientLines } from "../../../show/client-lines";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { stringsOf, viewing, words } from "../../../viewing";
import { Closure } from "./closure";
import { OTHER, sideOf } from "./side";

/** What two agreed on, and how it goes on between them: in private, then to its closure. Nothing while nobody has agreed. */
export async function Agreement({ found, viewer }: { found: Posted; viewer: Viewer | undefined }) {
	const { post, flagging } = found;
	const { agreement } = post;
	if (!agreement) return null;
	const [t, { questions, house, publicUrl }, { locale, zone }] = await Promise.all([
		words("deal"),
		opened(),
		viewing(),
	]);
	const { seq, found: deal } = await questions.deal(agreement);
	const side = sideOf(agreement, viewer?.key);
	const now = house.now();
	const times = post.waiting.flatMap(({ until }) => (until === null ? [] : [Date.parse(until) - now]));
	const { agreement_id } = agreement;
	return (
		<Speak
			locale={locale}
			zone={zone}
			strings={await stringsOf("common", "act", "key", "deal", "moderation")}
		>
			<Section id="agreement" title={t("title")}>
				<Terms agreement={agreement} now={now} />
			</Section>
			<Section id="notes" title={t("notes.title")} aside={t("notes.count", { count: deal.notes.length })}>
				<p className="max-w-text py-2 text-quiet text-sm">{t("notes.lead")}</p>
				{side === undefined || viewer === undefined ? (
					<p className="text-quiet">
						{t("notes.others", { count: deal.notes.length })} {!viewer && t("notes.signIn")}
					</p>
				) : (
					<Notes
						key={viewer.key}
						agree={agreement_id}
						open={agreement.ended_by === null}
						viewer={viewer.key}
						other={await named(agreement[OTHER[side]])}
						keys={{ own: deal.keys[side], other: deal.keys[OTHER[side]] }}
						notes={deal.notes}
						profile={((await questions.agent(viewer.key)).found?.agent.profile ?? null) as Payload | null}
						contact={visible(post.contact)}
						exchange={house.key}
						most={MAX_NOTE_BYTES}
					/>
				)}
			</Section>
			<Closure
				flagging={flagging}
				post={post}
				agreement={agreement}
				deal={deal}
				side={side}
				viewer={viewer}
				now={now}
			/>
			{side !== undefined && (
				<SameByApi
					client={[
						`node client.mjs receive me.json ${publicUrl}`,
						`node client.mjs note me.json ${publicUrl} ${agreement_id} '…'`,
						`node client.mjs notes me.json ${publicUrl} ${agreement_id}`,
						clientLines(publicUrl, [
							{
								operation: "board:close",
								payload: { outcome: "done", summary: "…", receipts: [{ kind: "log", value: "…" }] },
								antecedents: [agreement_id],
							},
						]),
					].join("\n")}
				/>
			)}
			{side !== undefined && (
				<LiveOrder
					says={{ answered: t("answered"), over: t("over") }}
					queries={[`to=${viewer!.key}`]}
					after={seq}
					known={[agreement_id, ...deal.closure.map(({ message_id }) => message_id)]}
					overInMs={times.length > 0 ? Math.max(0, Math.min(...times)) : undefined}
					due={post.waiting.some(({ until }) => until === null)}
				/>
			)}
		</Speak>
	);
}

/** How an agent is called where a sentence runs in the browser. */
async function named(key: string): Promise<{ key: string; name: string }> {
	const name = await namesOf(key);
	return { key, name: name === undefined ? fingerprint(key) : `${visible(name)} (${fingerprint(key)})` };
}

async function Terms({ agreement, now }: { agreement: AgreementView; now: number }) {
	const t = await words("deal");
	const { author, responder, at, window_ends_at, closure_due_at, lapses_at, counter_post_id } = agreement;
	const owed = agreement.status === "agreed" && now >= Date.parse(closure_due_at);
	return (
		<>
			<Facts
				facts={[
					{
						name: t("with"),
						value: t.rich("parties", {
							author: () => <Agent of={author} />,
							responder: () => <Agent of={responder} />,
						}),
					},
					{ name: t("at"), value: <Time at={at} /> },
					...(counter_post_id === null
						? []
						: [{ name: t("counter"), value: <a href={`/posts/${counter_post_id}`}>{t("counterLink")}</a> }]),
					{ name: t("window"), value: <Time at={window_ends_at} /> },
					...(agreement.status === "agreed"
						? [
								{
									name: t("due"),
									value: (
										<>
											<Time at={closure_due_at} />
											{owed && <span className="text-risk"> ({t("dueLate")})</span>}
										</>
									),
								},
								{ name: t("lapses"), value: <Time at={lapses_at} /> },
							]
						: []),
				]}
			/>
			{agreement.status === "agreed" && (
				<p className="max-w-text py-1 text-quiet text-sm">
					{t.rich("debt", { due: () => <Time at={closure_due_at} /> })}
				</p>
			)}
		</>
	);
}
