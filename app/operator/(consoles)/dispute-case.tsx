import { RuleDispute } from "@/components/operator/rule-dispute";
import { Facts, Section } from "@/components/ui/layout";
import { Scrolled } from "@/components/ui/scrolled";
import { opened } from "@/lib/doors/opened";
import type { Consoles, DisputeView } from "@/lib/doors/operator-questions";
import type { Case } from "@/lib/exchange/queue";
import { Agent } from "../../show/agent";
import { ClaimText } from "../../show/claim";
import { clientLines } from "../../show/client-lines";
import { Money } from "../../show/money";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { Timeline } from "../../show/timeline";
import { formats, words } from "../../viewing";
import { CaseHead } from "./case-head";
import { Content } from "./content";

/** A dispute: what was promised beside what was delivered, what the buyer says beside what the seller says. */
export async function DisputeCase({
	of,
	claim,
	house,
	next,
}: {
	of: DisputeView;
	claim: Case["claim"];
	house: Consoles;
	next: string | undefined;
}) {
	const [t, common, format, { publicUrl }] = await Promise.all([
		words("operator"),
		words("common"),
		formats(),
		opened(),
	]);
	const { order, entry, buyer, seller } = of;
	const open = order.endedBy === null;
	const mono = entry.content_type === "code" || entry.content_type === "data";
	const verdict = {
		operation: "exchange:settle/verdict",
		payload: { entry_id: entry.entry_id, verdict: "declined", reason: "…" },
		antecedents: [order.disputeId],
	};
	return (
		<>
			<CaseHead
				id={order.disputeId}
				title={t("dispute.title", { why: t(`why.${order.disputeType}`) })}
				until={{ at: order.ruleBy, otherwise: t("dispute.otherwise") }}
				open={open}
				claim={claim}
				house={house}
				next={next}
			>
				{order.endedBy &&
					t.rich(order.status === "refunded" ? "dispute.refunded" : "dispute.stands", {
						link: (words) => <a href={`/messages/${order.endedBy}`}>{words}</a>,
					})}
			</CaseHead>
			{house.isOperator && (
				<RuleDispute id={order.disputeId} entry={entry.entry_id} open={open} own={of.own} next={next} />
			)}
			<Facts
				facts={[
					{ name: t("dispute.held"), value: <Money micro={order.held} /> },
					{
						name: t("dispute.order"),
						value: (
							<>
								<a href={`/orders/${order.buyId}`}>{t("dispute.orderLink")}</a>{" "}
								<span className="text-quiet text-sm">
									{t.rich("dispute.delivered", { when: () => <Time at={order.deliveredAt} /> })}
								</span>
							</>
						),
					},
				]}
			/>
			<div className="grid gap-x-8 xl:grid-cols-2">
				<Section id="buyer" title={t("dispute.buyer")} aside={<Agent of={buyer.key} />}>
					<Side
						side={buyer}
						before={of.before.buyer}
						evidence={of.evidence.buyer}
						by={t("dispute.buyerSays")}
					/>
				</Section>
				<Section id="seller" title={t("dispute.seller")} aside={<Agent of={seller.key} />}>
					<Side
						side={seller}
						before={of.before.seller}
						evidence={of.evidence.seller}
						by={common("claimSeller")}
						reputation
					/>
				</Section>
				<Section
					id="promised"
					title={t("dispute.promised")}
					aside={<a href={`/exchange/${entry.entry_id}`}>{t("dispute.entry")}</a>}
				>
					<h3 className="pt-3 text-quiet text-sm">{t("dispute.described")}</h3>
					<ClaimText by={common("claimSeller")}>{entry.description}</ClaimText>
					<h3 className="pt-3 text-quiet text-sm">
						{t("dispute.asked", { confidence: format.number(of.confidence, { style: "percent" }) })}
					</h3>
					<ClaimText by={common("claimAsker")}>{of.task}</ClaimText>
					<h3 className="pt-3 text-quiet text-sm">
						{of.shown.length === 0
							? t("dispute.notPreviewed")
							: t("dispute.previewed", { count: of.shown.length })}
					</h3>
					{of.shown.length > 0 && (
						<Scrolled label={t("dispute.preview")}>
							{of.shown.map(({ content, position }) => (
								<ClaimText key={position} by={common("claimSeller")} mono={mono}>
									{content}
								</ClaimText>
							))}
						</Scrolled>
					)}
				</Section>
				<Section
					id="content"
					title={t("dispute.deliveredContent")}
					aside={t("put.sizeOf", { tokens: entry.tokens, bytes: entry.bytes })}
				>
					<Content of={of.content} message={order.deliverId} mono={mono} />
				</Section>
			</div>
			<Section id="timeline" title={t("dispute.timeline")}>
				<div className="pt-3">
					<Timeline events={of.timeline} />
				</div>
			</Section>
			<SameByApi path={`/api/orders/${order.buyId}`} />
			{open && <SameByApi client={clientLines(publicUrl, [verdict])} />}
		</>
	);
}

async function Side({
	side,
	before,
	evidence,
	by,
	reputation = false,
}: {
	side: DisputeView["buyer"];
	before: { upheld: number; declined: number };
	evidence: DisputeView["evidence"]["buyer"];
	by: string;
	reputation?: boolean;
}) {
	const t = await words("operator");
	return (
		<>
			<p className="py-2 text-quiet text-sm">
				{[
					side.standing ? t("put.hasStanding") : t("put.noStanding"),
					...(reputation ? [t("dispute.reputation", { score: side.reputation })] : []),
					t("dispute.before", before),
					...(reputation ? [] : [t("dispute.refunds", { count: side.smallRefunds })]),
				].join(" · ")}
			</p>
			{evidence.length === 0 && <p className="text-quiet">{t("dispute.noEvidence")}</p>}
			<ol className="space-y-3 pt-1">
				{evidence.map(({ id, seq, at, text }) => (
					<li key={id}>
						<ClaimText by={by}>{text}</ClaimText>
						<p className="pl-3 text-quiet text-sm">
							<Time at={at} /> <a href={`/messages/${id}`}>#{seq}</a>
						</p>
					</li>
				))}
			</ol>
		</>
	);
}
