import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LiveOrder } from "@/components/order/live-order";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Chip, Notice, PageHead, Section, type Tone } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { AS_OF } from "@/lib/doors/exchange-views";
import { opened } from "@/lib/doors/opened";
import type { Possible, Purchase } from "@/lib/doors/order-questions";
import { isRefusal } from "@/lib/doors/problem";
import { PARTIAL_BELOW } from "@/lib/match/rank";
import { asked, type Search } from "../../../asked";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { AsOf, NotThen, WrongPlace } from "../../../show/as-of";
import { Claim, ClaimText } from "../../../show/claim";
import { clientLines, type Sending } from "../../../show/client-lines";
import { Money } from "../../../show/money";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { Timeline } from "../../../show/timeline";
import { SearchedHow } from "../../../show/why-rank";
import { formats, stringsOf, viewing, words } from "../../../viewing";
import { againHref } from "./again";
import { Offer } from "./offer";
import { Waits } from "./waits";
import { NothingFits, WhatWould } from "./what-would";

type Params = { params: Promise<{ buy: string }>; searchParams: Search };

const ID = /^[0-9a-f]{64}$/;
/** Of a task; what is longer is opened on demand. */
const SHOWN_CHARACTERS = 600;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
	const [{ buy }, t] = await Promise.all([params, words("order")]);
	return { title: t("title", { id: fingerprint(buy) }) };
}

/** A purchase from the question to the last word on it, for its buyer, for the seller, and for anybody. */
export default async function Order({ params, searchParams }: Params) {
	const [{ buy }, { asked: wish, wrong }, { questions, house, publicUrl }, who, t, { locale, zone }] =
		await Promise.all([params, asked(searchParams, AS_OF), opened(), viewer(), words("order"), viewing()]);
	if (!ID.test(buy)) notFound();
	const asOf = wish.as_of;
	const answer = await (asOf === undefined
		? questions.purchase(buy, who?.key)
		: questions.purchaseThen(buy, asOf, who?.key));
	if (isRefusal(answer)) return <NotThen refusal={answer} now={`/orders/${buy}`} />;
	const { seq, found } = answer;
	if (!found) notFound();
	const moment = "id" in answer ? answer : undefined;
	const { order, results, meta, said, possible } = found;
	const now = moment?.at ?? house.now();
	const thin =
		!moment &&
		order.match_id !== null &&
		order.orders.length === 0 &&
		!order.offers.some(({ confidence }) => confidence >= PARTIAL_BELOW);
	const whatIf = thin ? await questions.whatIf(buy) : undefined;
	// Of what was, everybody is a reader: nothing can be done about it then.
	const role = moment ? "reader" : roleOf(found, who?.key);
	const times = order.waiting.flatMap(({ until }) => (until === null ? [] : [Date.parse(until) - now]));
	return (
		<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "order", "settle")}>
			<WrongPlace detail={wrong.as_of} />
			{moment && <AsOf moment={moment} now={`/orders/${buy}`} />}
			<PageHead
				title={
					<>
						{t("title", { id: fingerprint(buy) })}{" "}
						<span className="ml-1 font-normal">
							<Chip tone={TONES[order.status] ?? "plain"}>{t(`statuses.${order.status}`)}</Chip>
						</span>
					</>
				}
			/>
			<div className="flex flex-col gap-3">
				<Task>{order.task}</Task>
				<Asked order={order} buyer={role === "buyer"} />
				<Waits order={order} role={role} now={moment ? undefined : now} />
				{order.status === "expired" && !moment && (
					<Notice tone="risk" title={t("expired.title")}>
						<p>{t.rich("expired.lead", { when: () => <Time at={order.quote_expires_at!} /> })}</p>
						<p className="mt-2">
							<ButtonLink small weight={role === "buyer" ? "next" : "plain"} href={againHref(order)}>
								{t("expired.again")}
							</ButtonLink>
						</p>
					</Notice>
				)}
				<p className="text-quiet text-sm">{t(`roles.${role}`)}</p>
			</div>
			<div className="grid gap-x-12 lg:grid-cols-[minmax(0,1fr)_19rem]">
				<div className="min-w-0">
					{order.match_id === null && <p className="py-5 text-quiet">{t("open.lead")}</p>}
					{order.status === "empty" && <NothingFits order={order} degraded={meta?.degraded !== undefined} />}
					{results.length > 0 && (
						<Section id="offers" title={t("results", { count: results.length })}>
							<ol className="divide-y divide-line">
								{results.map((result) => (
									<li key={result.entry_id}>
										<Offer found={found} result={result} role={role} reader={who?.key} now={now} />
									</li>
								))}
							</ol>
						</Section>
					)}
					{whatIf && <WhatWould order={order} asked={whatIf} thin={order.offers.length > 0} />}
					{meta && <SearchedHow meta={meta} />}
				</div>
				<Section id="timeline" title={t("timeline")}>
					<div className="pt-3">
						<Timeline events={await eventsOf(found)} then={`/orders/${buy}`} />
					</div>
				</Section>
			</div>
			<div className="border-line border-t">
				<SameByApi path={`/api/orders/${buy}${moment ? `?as_of=${seq}` : thin ? "?what_if=true" : ""}`} />
				{possible.length > 0 && <SameByApi client={clientLines(publicUrl, possible.map(asSent))} />}
			</div>
			{order.waiting.length > 0 && !moment && (
				<LiveOrder
					says={{ answered: t("answered"), over: t("over") }}
					queries={role === "seller" ? [`to=${order.buyer}`, `sender=${order.buyer}`] : [`to=${order.buyer}`]}
					after={seq}
					known={said.map(({ id }) => id)}
					overInMs={times.length > 0 ? Math.max(0, Math.min(...times)) : undefined}
					due={order.waiting.some(({ until }) => until === null)}
				/>
			)}
		</Speak>
	);
}

export type Role = "buyer" | "seller" | "reader" | "absent";

/** Who looks. Somebody who is not signed in may yet turn out to be the buyer. */
function roleOf({ order, results }: Purchase, reader: string | undefined): Role {
	if (reader === undefined) return "absent";
	if (reader === order.buyer) return "buyer";
	return results.some(({ seller_key }) => seller_key === reader) ? "seller" : "reader";
}

const TONES: Partial<Record<Purchase["order"]["status"], Tone>> = {
	expired: "risk",
	disputed: "risk",
	completed: "good",
	delivered: "good",
};

async function Task({ children: task }: { children: string }) {
	const [t, common, desk] = await Promise.all([words("order"), words("common"), words("desk")]);
	const by = common("claimAsker");
	if (task === "") return <p className="text-quiet">{desk("posts.hiddenWords")}</p>;
	if (task.length <= SHOWN_CHARACTERS)
		return (
			<div className="max-w-text">
				<ClaimText by={by}>{task}</ClaimText>
			</div>
		);
	return (
		<div className="max-w-text">
			<p className="line-clamp-4">
				<Claim by={by}>{task.slice(0, SHOWN_CHARACTERS)}</Claim>
			</p>
			<details className="mt-1">
				<summary className="text-quiet text-sm">{t("whole")}</summary>
				<ClaimText by={by}>{task}</ClaimText>
			</details>
		</div>
	);
}

/** What was asked besides the task, in one line. */
async function Asked({ order, buyer }: { order: Purchase["order"]; buyer: boolean }) {
	const [t, common, format] = await Promise.all([words("order"), words("common"), formats()]);
	const { content_type, domains, min_reputation, freshness_hours, compression_tier } = order.filters;
	const parts = [
		content_type && t("asked.type", { type: common(`types.${content_type}`) }),
		domains.length > 0 && t("asked.domains", { domains: format.list(domains) }),
		min_reputation > 0 && t("asked.reputation", { least: min_reputation }),
		freshness_hours !== null && t("asked.freshness", { hours: freshness_hours }),
		compression_tier && t("asked.tier", { tier: compression_tier }),
	].filter((part) => typeof part === "string");
	return (
		<p className="text-quiet">
			{t.rich("asked.budget", { amount: () => <Money scrip={order.budget} /> })}
			{parts.map((part) => ` · ${part}`)}
			{" · "}
			{t.rich("asked.at", {
				when: () => <Time at={order.at} />,
				who: () => (buyer ? common("you") : <Agent of={order.buyer} />),
			})}
		</p>
	);
}

/** Seconds to wait for the exchange's answer, where it owes one. */
const PATIENCE: Record<string, number> = {
	"exchange:settle/preview-request": 20,
	"exchange:settle/buyer-accept": 20,
	"exchange:settle/small-content-dispute": 20,
};
/** What somebody adds to these, as an example of it. */
const ADDED: Record<string, object> = {
	"exchange:settle/complete": { content_hash_verified: true },
	"exchange:settle/dispute": { dispute_type: "quality_inadequate", reason: "…" },
	"exchange:settle/evidence": { reason: "…" },
};

function asSent({ operation, payload, antecedents }: Possible): Sending {
	return { operation, payload: { ...payload, ...ADDED[operation] }, antecedents, wait: PATIENCE[operation] };
}

/** Where there are several offers, what was said of one of them names it. */
async function eventsOf({ said, order }: Purchase) {
	const [t, common] = await Promise.all([words("order"), words("common")]);
	return said.map(({ id, seq, at, sender, caption, payload }) => {
		const offer =
			order.offers.length > 1 && order.offers.find(({ entry_id }) => entry_id === payload.entry_id);
		return {
			id,
			seq,
			at,
			sender,
			says: offer ? (
				<>
					{caption} (<a href={`#${offer.entry_id}`}>{t("offer", { place: offer.position + 1 })}</a>)
				</>
			) : (
				caption
			),
			more:
				typeof payload.reason === "string" ? (
					<ClaimText by={common("claimSender")}>{payload.reason}</ClaimText>
				) : undefined,
		};
	});
}
