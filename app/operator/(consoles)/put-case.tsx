import { RulePut } from "@/components/operator/rule-put";
import { Chip, Facts, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import type { Consoles, PutView } from "@/lib/doors/operator-questions";
import type { Case } from "@/lib/exchange/queue";
import { Agent } from "../../show/agent";
import { Claim, ClaimText } from "../../show/claim";
import { clientLines } from "../../show/client-lines";
import { Money } from "../../show/money";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { formats, words } from "../../viewing";
import { CaseHead } from "./case-head";
import { Content } from "./content";

/** A held put: what its seller says, what the exchange measured, who it is from, and what the rules would pay. */
export async function PutCase({
	of,
	claim,
	house,
	next,
}: {
	of: PutView;
	claim: Case["claim"];
	house: Consoles;
	next: string | undefined;
}) {
	const [t, common, format, { house: exchange, publicUrl }] = await Promise.all([
		words("operator"),
		words("common"),
		formats(),
		opened(),
	]);
	const { entry, seller, proposed, content, plausibility, sameBytes, nearly } = of;
	const open = proposed !== null;
	const seller_ = common("claimSeller");
	const ratio = format.number(plausibility.tokensPerByte, { maximumSignificantDigits: 3 });
	const percent = (part: number) => format.number(part, { style: "percent", maximumFractionDigits: 1 });
	const reject = {
		operation: "exchange:settle/put-reject",
		payload: { entry_id: entry.entry_id, code: "other", reason: "…" },
		antecedents: [entry.entry_id],
	};
	return (
		<>
			<CaseHead
				id={entry.entry_id}
				title={t("put.title", { type: common(`types.${entry.content_type}`) })}
				until={{ at: of.reviewBy, otherwise: t("put.otherwise") }}
				open={open}
				claim={claim}
				house={house}
				next={next}
			>
				{entry.ruled_by &&
					t.rich(entry.status === "rejected" ? "put.rejected" : "put.accepted", {
						link: (words) => <a href={`/messages/${entry.ruled_by}`}>{words}</a>,
					})}
			</CaseHead>
			{house.isOperator && (
				<RulePut
					id={entry.entry_id}
					now={exchange.now()}
					proposed={
						proposed && {
							price: proposed.price,
							appraisal: proposed.appraisal,
							factors: proposed.factors,
							hours: of.ttlHours ?? Math.round((Date.parse(proposed.expiresAt) - exchange.now()) / 3_600_000),
							copy: nearly && sameBytes.length === 0 ? nearly.seq : null,
						}
					}
					contentHash={entry.content_hash}
					tokens={entry.tokens}
					next={next}
				/>
			)}
			<div className="pt-4">
				<ClaimText by={seller_}>{entry.description}</ClaimText>
			</div>
			<div className="grid gap-x-8 xl:grid-cols-2">
				<Section id="claimed" title={t("put.claimed")}>
					<Facts
						half
						facts={[
							{
								name: t("put.tokenCost"),
								value: (
									<>
										<Claim by={seller_}>{format.number(entry.token_cost)}</Claim>{" "}
										<span className="text-quiet text-sm">{t("put.tokensPerByte", { ratio })}</span>
									</>
								),
							},
							{
								name: t("put.domains"),
								value:
									entry.domains.length === 0 ? "–" : <Claim by={seller_}>{entry.domains.join(", ")}</Claim>,
							},
							{ name: t("put.tier"), value: of.declaredTier ?? "–" },
							{
								name: t("put.ttl"),
								value: of.ttlHours === null ? t("put.ttlDefault") : t("put.hours", { count: of.ttlHours }),
							},
							{ name: t("put.embedding"), value: embedding() },
						]}
					/>
				</Section>
				<Section id="measured" title={t("put.measured")}>
					<Facts
						half
						facts={[
							{
								name: t("put.size"),
								value: t("put.sizeOf", { tokens: entry.tokens, bytes: entry.bytes }),
							},
							{
								name: t("put.plausible"),
								value: plausibility.plausible ? (
									t("put.plausibleYes", { atMost: plausibility.atMost })
								) : (
									<span className="text-risk">{t("put.plausibleNo", { atMost: plausibility.atMost })}</span>
								),
							},
							{ name: t("put.copies"), value: copies() },
							{
								name: t("put.hash"),
								value: <span className="break-all font-mono text-sm">{entry.content_hash}</span>,
							},
							{ name: t("put.arrived"), value: <Time at={entry.put_at!} /> },
						]}
					/>
				</Section>
				<Section id="seller" title={t("put.seller")}>
					<Facts
						half
						facts={[
							{ name: t("agent"), value: <Agent of={seller.key} /> },
							{
								name: t("put.standing"),
								value: seller.vouched
									? t("put.vouched")
									: seller.standing
										? t("put.hasStanding")
										: t("put.noStanding"),
							},
							{
								name: t("reputation"),
								value: t("put.reputationOf", { score: seller.reputation, count: seller.standingBuyers }),
							},
							{
								name: t("put.before"),
								value: t("put.acceptedBefore", {
									accepted: seller.accepted,
									unsold: seller.unsold,
									most: seller.unsoldAtMost,
								}),
							},
							{
								name: t("put.line"),
								value: (
									<>
										<Money micro={seller.line} />{" "}
										<span className="text-quiet text-sm">
											{t.rich("put.lineOf", {
												advanced: () => <Money micro={seller.advanced} />,
												earned: () => <Money micro={seller.earned} />,
											})}
										</span>
									</>
								),
							},
							{ name: t("put.budgetLeft"), value: <Money micro={seller.budgetLeft} /> },
						]}
					/>
				</Section>
				{proposed && (
					<Section id="proposed" title={t("put.proposed")}>
						{proposed.objection && (
							<p className="pt-2 text-risk">{t(`put.objection.${proposed.objection}`)}</p>
						)}
						<Facts
							half
							facts={[
								{
									name: t("put.appraisal"),
									value: (
										<>
											<Money scrip={proposed.appraisal} />{" "}
											<span className="text-quiet text-sm">
												{t("put.rate", { rate: percent(proposed.factors.rate) })}
											</span>
										</>
									),
								},
								{
									name: t("put.factors"),
									value: (
										<ul className="text-sm">
											{(["reputation", "demand", "inventory", "freshness"] as const).map((name) => (
												<li key={name} className="flex justify-between gap-4">
													<span>{t(`put.factor.${name}`)}</span>
													<span>
														{format.number(proposed.factors[name], {
															minimumFractionDigits: 2,
															maximumFractionDigits: 4,
														})}
													</span>
												</li>
											))}
										</ul>
									),
								},
								{
									name: t("put.price"),
									value: (
										<>
											<Money scrip={proposed.price} />{" "}
											<span className="text-quiet text-sm">
												{t(`put.bound.${proposed.bound}`, { wanted: proposed.wanted })}
											</span>
										</>
									),
								},
								{ name: t("put.earnOut"), value: <Money scrip={proposed.appraisal - proposed.price} /> },
							]}
						/>
					</Section>
				)}
			</div>
			<Section
				id="content"
				title={t("content")}
				aside={<a href={`/messages/${entry.entry_id}`}>#{entry.put_seq}</a>}
			>
				<Content
					of={content}
					message={entry.entry_id}
					mono={entry.content_type === "code" || entry.content_type === "data"}
				/>
			</Section>
			<SameByApi path={`/api/entries/${entry.entry_id}`} />
			{open && <SameByApi client={clientLines(publicUrl, [reject])} />}
		</>
	);

	/** What it may be a copy of, byte for byte or nearly. */
	function copies() {
		if (!of.analysed && open) return <span className="text-risk">{t("put.notAnalysed")}</span>;
		// Ruled on, it is no longer compared: the ruling says whether it counts as one.
		if (!open && entry.copy_of !== null)
			return t.rich("put.countsAs", { link: (words) => <a href={`/exchange/${entry.copy_of}`}>{words}</a> });
		if (sameBytes.length === 0 && !nearly) return open ? t("put.noCopies") : t("put.countsAsNone");
		return (
			<ul>
				{sameBytes.map((same) => (
					<li key={same.id}>
						<span className="text-risk">{t("put.sameBytes")}</span>{" "}
						<a href={`/exchange/${same.id}`}>#{same.seq}</a> <Agent of={same.seller} />{" "}
						<Chip>{t(`put.status.${same.status}`)}</Chip>
					</li>
				))}
				{nearly && sameBytes.every(({ id }) => id !== nearly.id) && (
					<li>
						<span className="text-risk">{t("put.nearly", { similarity: percent(nearly.similarity) })}</span>{" "}
						<a href={`/exchange/${nearly.id}`}>#{nearly.seq}</a> <Agent of={nearly.seller} />
						<span className="block text-sm">
							<Claim by={seller_}>{nearly.description}</Claim>
						</span>
					</li>
				)}
			</ul>
		);
	}

	function embedding() {
		const { state, cosine, agrees } = of.embedding;
		if (cosine === null) return t(`put.embeddings.${state}`);
		const measured = { cosine: format.number(cosine, { maximumFractionDigits: 3 }) };
		if (agrees) return t("put.embeddingAgrees", measured);
		return <span className="text-risk">{t("put.embeddingDiffers", measured)}</span>;
	}
}
