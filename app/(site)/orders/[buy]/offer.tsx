import { ActButton } from "@/components/act/act-button";
import { Evidence } from "@/components/order/complaints";
import { KeepPlace } from "@/components/order/keep-place";
import { ButtonLink } from "@/components/ui/button";
import { Chip } from "@/components/ui/layout";
import type { Possible, Purchase } from "@/lib/doors/order-questions";
import type { Result } from "@/lib/exchange/results";
import { PREVIEW_TOKENS } from "@/lib/exchange/rules/plausibility";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { Claim } from "../../../show/claim";
import { Money } from "../../../show/money";
import { Confidence, WhyRank } from "../../../show/why-rank";
import { formats, words } from "../../../viewing";
import { Goods } from "./goods";
import type { Role } from "./page";
import { Preview } from "./preview";
import { Split } from "./split";

const PATIENCE = 20;

/** One result of a match: what it is and costs, why it stands there, and what became of it. */
export async function Offer({
	found,
	result,
	role,
	reader,
	now,
}: {
	found: Purchase;
	result: Result;
	role: Role;
	reader: string | undefined;
	now: number;
}) {
	const [t, common, settles, format] = await Promise.all([
		words("order"),
		words("common"),
		words("settle"),
		formats(),
	]);
	const { entry_id } = result;
	const { order, meta } = found;
	const offer = order.offers.find((one) => one.entry_id === entry_id)!;
	const purchase = order.orders.find((one) => one.entry_id === entry_id);
	const mine = found.possible.filter(({ payload }) => payload.entry_id === entry_id);
	const can = (phase: string) => mine.find(({ operation }) => operation === `exchange:settle/${phase}`);
	const next = nextOf(found);
	const expired = now >= Date.parse(order.quote_expires_at!);
	const state =
		purchase?.status ?? (offer.rejected_by !== null ? "declined" : expired ? "expired" : undefined);
	const price = purchase?.price ?? offer.purchase_price;
	const saved = Math.max(0, result.token_cost_original - price);

	const request = can("preview-request");
	const accept = can("buyer-accept");
	const reject = can("buyer-reject");
	const evidence = can("evidence");
	const weightOf = (act: Possible) => (act === next ? "next" : "plain");
	return (
		<KeepPlace id={entry_id} className="flex flex-col gap-3 py-4 outline-none">
			<div className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-y-2 sm:grid-cols-[1.5rem_minmax(0,1fr)_auto]">
				<span className="text-quiet">{offer.position + 1}</span>
				<div className="min-w-0">
					<h3 className="text-wrap font-medium">
						<a href={`/exchange/${entry_id}`} className="line-clamp-3">
							<Claim by={common("claimSeller")}>{result.description}</Claim>
						</a>
					</h3>
					<p className="flex flex-wrap items-baseline gap-x-2 text-quiet text-sm">
						<span>{common(`types.${result.content_type}`)}</span>
						{offer.domains.length > 0 && <Claim by={common("claimSeller")}>{offer.domains.join(", ")}</Claim>}
						<span>{t("tokens", { count: offer.tokens })}</span>
						<span>{t("age", { days: Math.floor(result.age_hours / 24) })}</span>
						<Agent of={result.seller_key} />
						<span>{t("reputation", { score: result.seller_reputation })}</span>
					</p>
				</div>
				<div className="col-start-2 flex flex-wrap items-baseline gap-x-4 sm:col-start-3 sm:flex-col sm:items-end sm:pl-6">
					<span className="font-semibold">
						<Money scrip={price} />
					</span>
					{price < offer.base_price && (
						<span className="text-quiet text-sm">
							{t.rich("was", { amount: () => <Money scrip={offer.base_price} /> })}
						</span>
					)}
					<Confidence of={result.confidence} />
					{state && <Chip tone={state === "disputed" ? "risk" : "plain"}>{t(`states.${state}`)}</Chip>}
				</div>
			</div>
			<div className="flex flex-col gap-2.5 pl-6">
				<p className="text-quiet text-sm">{t("saves", { saved, cost: result.token_cost_original })}</p>
				<WhyRank confidence={result.confidence} layers={meta?.layers[entry_id]} />
				{offer.preview_request_id !== null && (
					<Preview found={found} offer={offer} type={result.content_type} open={purchase === undefined} />
				)}
				{request && (
					<ActButton
						acting={request}
						label={t("acts.preview-request.label")}
						says={t("acts.preview-request.says")}
						weight={weightOf(request)}
						why={request.blocked?.detail}
						wait={PATIENCE}
					/>
				)}
				{accept && (
					<>
						{offer.tokens < PREVIEW_TOKENS && (
							<p className="text-quiet text-sm">{t("noPreview", { tokens: PREVIEW_TOKENS })}</p>
						)}
						<ActButton
							acting={accept}
							label={t("acts.buyer-accept.label", { price: format.number(price) })}
							says={t("acts.buyer-accept.says", { price: format.number(price) })}
							weight={weightOf(accept)}
							why={accept.blocked?.detail}
							wait={PATIENCE}
							look
						/>
					</>
				)}
				{reject && (
					<details className="text-sm">
						<summary className="text-quiet">{t("acts.buyer-reject.summary")}</summary>
						<div className="mt-2">
							<ActButton
								acting={reject}
								label={t("acts.buyer-reject.label")}
								says={t("acts.buyer-reject.says")}
								why={reject.blocked?.detail}
							/>
						</div>
					</details>
				)}
				{purchase?.deliver_id && (
					<Goods found={found} purchase={purchase} result={result} reader={reader} next={next} />
				)}
				{purchase?.status === "disputed" && (
					<section className="flex max-w-text flex-col gap-3">
						{evidence && (
							<>
								<h4 className="font-medium">{settles("evidence.title")}</h4>
								{/* Once it is recorded, a new one for what else there is to say. */}
								<Evidence key={found.said.length} acting={evidence} blocked={evidence.blocked?.detail} />
							</>
						)}
						{role !== "buyer" && (await viewer())?.operator && (
							<div>
								<ButtonLink href={`/operator?case=${purchase.dispute_id}`}>{t("dispute.rule")}</ButtonLink>
							</div>
						)}
					</section>
				)}
				{purchase?.settlement && (
					<Split
						settlement={purchase.settlement}
						priceScrip={purchase.price}
						by={found.said.find(({ id }) => id === purchase.ended_by)!}
					/>
				)}
			</div>
		</KeepPlace>
	);
}

/** The one next action of the page: to finish what was begun, then to buy what was looked at, then to begin with the best. */
function nextOf({ order, possible }: Purchase): Possible | undefined {
	const open = possible.filter(({ blocked }) => blocked === undefined);
	const is = (phase: string) => (one: Possible) => one.operation === `exchange:settle/${phase}`;
	return (
		open.find(is("complete")) ??
		open.find((one) => is("buyer-accept")(one) && one.antecedents[0] !== order.match_id) ??
		open.find((one) => is("buyer-accept")(one) || is("preview-request")(one))
	);
}
