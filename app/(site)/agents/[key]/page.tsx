import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache, type ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { Copy } from "@/components/ui/copy";
import { Chip, Empty, Facts, PageHead, Section } from "@/components/ui/layout";
import { fingerprint, Mark } from "@/components/ui/mark";
import { visibleLine } from "@/components/ui/visible";
import type { Agent as Known } from "@/lib/agents/read";
import type { Role } from "@/lib/agents/roles";
import { AS_OF } from "@/lib/doors/exchange-views";
import { opened } from "@/lib/doors/opened";
import { isRefusal } from "@/lib/doors/problem";
import { cursor, NEWEST } from "@/lib/doors/query";
import { asked, type Search } from "../../../asked";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { AsOf, NotThen, WrongPlace } from "../../../show/as-of";
import { Claim, ClaimText } from "../../../show/claim";
import { Money } from "../../../show/money";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";
import { Answers } from "../../exchange/answers";
import { Reputation } from "./reputation";

type Props = { params: Promise<{ key: string }>; searchParams: Search };

/** Its newest answers on this page; the exchange has the rest. */
const ANSWERS = 10;

/** By any key that it ever had. */
const known = cache(async (named: string) => {
	const { house, questions } = await opened();
	const key = house.keys.agentOf(named);
	return /^[0-9a-f]{64}$/.test(key) ? (await questions.agent(key)).found : undefined;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	const [{ key }, t] = await Promise.all([params, words("agent")]);
	const name = nameOf((await known(key))?.agent);
	return { title: name === undefined ? `${t("title")} ${fingerprint(key)}` : visibleLine(name) };
}

/** An agent: what it says of itself, what the log shows of it, how its reputation came about, what it sells. */
export default async function OneAgent({ params, searchParams }: Props) {
	const [{ key: named }, { house, questions }, t, common, who] = await Promise.all([
		params,
		opened(),
		words("agent"),
		words("common"),
		viewer(),
	]);
	const key = house.keys.agentOf(named);
	const own = who?.key === key;
	const found = await known(named);
	if (!found && own) return <Unknown />;
	if (!found) notFound();
	const { agent, trades } = found;
	const [{ asked: wish, wrong }, { found: shelf }] = await Promise.all([
		asked(searchParams, { cursor: cursor(), ...AS_OF }),
		questions.entries({ seller: key, limit: ANSWERS, min_reputation: 0 }),
	]);
	const isHouse = key === house.key;
	const then =
		wish.as_of === undefined ? undefined : await questions.reputationThen(key, wish.as_of, NEWEST, 1);
	if (isRefusal(then)) return <NotThen refusal={then} now={`/agents/${key}`} />;
	const name = nameOf(agent);
	const kind = agent.profile?.kind as "human" | "agent" | "service" | undefined;
	const reputation = (
		<Reputation
			of={key}
			since={agent.firstSeenAt}
			cursor={wish.cursor}
			own={then?.found ?? found.reputation}
			asOf={then?.seq}
		/>
	);
	return (
		<>
			<WrongPlace detail={wrong.as_of} />
			{then && <AsOf moment={then} now={`/agents/${key}`} />}
			<PageHead
				title={
					isHouse ? (
						<span className="inline-block first-letter:uppercase">{common("exchangeSelf")}</span>
					) : (
						<>
							<Mark of={key} />{" "}
							{name === undefined ? t("unnamed") : <Claim by={common("claimSender")}>{name}</Claim>}{" "}
							<span className="whitespace-nowrap font-mono font-normal text-base text-quiet">
								{fingerprint(key)}
							</span>
						</>
					)
				}
				lead={
					<>
						{kind && <>{t(`lead.${kind}`)}, </>}
						{agent.firstSeenAt === null
							? t("lead.never")
							: t.rich("lead.since", { when: () => <Time at={agent.firstSeenAt!} form="day" /> })}
					</>
				}
			>
				{own && (
					<>
						<ButtonLink href="/desk">{t("desk")}</ButtonLink>
						<ButtonLink href="/profile">{t("edit")}</ButtonLink>
					</>
				)}
			</PageHead>

			{/* Of what was, only how its reputation stood is known: the rest of the page is of now. */}
			{then ? reputation : ofNow()}
		</>
	);

	function ofNow() {
		return (
			<>
				<div className="grid grid-cols-1 gap-x-12 lg:grid-cols-2">
					<div>
						<Section id="facts" title={t("facts")} aside={<a href={`/log?sender=${key}`}>{t("all")}</a>}>
							<Facts
								facts={[
									{
										name: t("key"),
										value: (
											<span className="flex flex-wrap items-center gap-2">
												<span className="break-all font-mono text-sm">{key}</span>
												<Copy text={key} />
											</span>
										),
									},
									...(agent.signer === key
										? []
										: [
												{
													name: t("signs"),
													value: (
														<span className="flex flex-wrap items-center gap-2">
															<span className="break-all font-mono text-sm">{agent.signer}</span>
															<Copy text={agent.signer} />
														</span>
													),
												},
											]),
									...(isHouse
										? []
										: [
												{ name: t("owner"), value: <Owner agent={agent} /> },
												{
													name: t("standing"),
													value: (
														<>
															{agent.standing ? (
																t("hasStanding")
															) : (
																<span className="text-quiet">{t("noStanding")}</span>
															)}{" "}
															{agent.vouched && t("vouched")}
														</>
													),
												},
											]),
									...rolesOf(agent),
									...linksOf(agent),
									{
										name: t("sold"),
										value: <Traded count={trades.sold} scrip={trades.sold_scrip} back={trades.given_back} />,
									},
									{
										name: t("bought"),
										value: (
											<Traded count={trades.bought} scrip={trades.bought_scrip} back={trades.returned} />
										),
									},
									...(agent.lastSeenAt === null
										? []
										: [{ name: t("seen"), value: <Time at={agent.lastSeenAt} /> }]),
								]}
							/>
						</Section>
						{!isHouse && (
							<Section id="claims" title={t("claims")} aside={agent.profile && t("claimsNote")}>
								<Claims profile={agent.profile} own={own} />
							</Section>
						)}
					</div>
					{!isHouse && reputation}
				</div>

				{agent.keys.length > 1 && <Keys of={agent} />}

				{!isHouse && (
					<Section
						id="sells"
						title={t("sells")}
						aside={shelf.items.length > 0 && <a href={`/exchange?seller=${key}`}>{t("allOfIt")}</a>}
					>
						{shelf.items.length === 0 ? (
							<Empty next={own && <ButtonLink href="/sell">{t("sellOwn")}</ButtonLink>}>
								{t("sellsNothing")}
							</Empty>
						) : (
							<Answers
								seller={false}
								answers={shelf.items.map((entry) => ({
									...entry,
									token_cost_original: entry.token_cost,
									price: entry.price!,
								}))}
							/>
						)}
					</Section>
				)}
				<SameByApi path={`/api/agents/${key}`} />
			</>
		);
	}

	function linksOf({ links }: Known) {
		return links.map(({ rail, account, messageId }) => ({
			name: t(`links.${rail as "nostr"}`),
			value: (
				<>
					<span className="flex flex-wrap items-center gap-2">
						<span className="break-all font-mono text-sm">{account}</span>
						<Copy text={account} />
					</span>
					<span className="block text-quiet text-sm">
						{t.rich("links.proof", { a: (words) => <a href={`/messages/${messageId}`}>{words}</a> })}
					</span>
				</>
			),
		}));
	}

	function rolesOf({ roles }: Known) {
		if (roles.length === 0) return [];
		return [
			{
				name: t("roles"),
				value: (
					<span className="flex flex-wrap gap-1">
						{roles.map((role) => (
							<Chip key={role} tone="good">
								{t(`roleNames.${role as Role}`)}
							</Chip>
						))}
					</span>
				),
			},
		];
	}
}

function nameOf(agent: Known | undefined): string | undefined {
	return agent?.profile?.name as string | undefined;
}

async function Unknown() {
	const t = await words("agent");
	return (
		<>
			<PageHead title={t("unknownOwn.title")} />
			<Empty
				next={
					<>
						<ButtonLink href="/profile" weight="next">
							{t("unknownOwn.profile")}
						</ButtonLink>
						<ButtonLink href="/sell">{t("unknownOwn.sell")}</ButtonLink>
					</>
				}
			>
				{t("unknownOwn.text")}
			</Empty>
		</>
	);
}

/** Every key that it ever had, the one that signs today first. */
async function Keys({ of: { keys } }: { of: Known }) {
	const t = await words("agent");
	return (
		<Section id="keys" title={t("keys.title")}>
			<p className="max-w-text py-2 text-quiet text-sm">{t("keys.lead")}</p>
			<ol className="divide-y divide-line">
				{keys.toReversed().map(({ key, since, until }) => (
					<li key={key} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
						<span>
							<Mark of={key} /> <span className="font-mono text-sm">{fingerprint(key)}</span>
						</span>
						<span className="text-quiet text-sm">
							{since === null ? (
								t("keys.first")
							) : (
								<a href={`/messages/${since.messageId}`}>
									{t.rich("keys.since", { when: () => <Time at={since.at} /> })}
								</a>
							)}
						</span>
						{until === null ? (
							<Chip tone="good">{t("keys.now")}</Chip>
						) : (
							<a href={`/messages/${until.messageId}`} className="text-quiet text-sm">
								{t.rich("keys.until", { when: () => <Time at={until.at} /> })}
							</a>
						)}
					</li>
				))}
			</ol>
		</Section>
	);
}

/** Whose key it is: proved, only named, or nobody's but its own. */
async function Owner({ agent }: { agent: Known }) {
	const [t, common] = await Promise.all([words("agent"), words("common")]);
	const { key, owner, claimsOwner, ownerKeys } = agent;
	if (claimsOwner !== null)
		return (
			<>
				<Claim by={common("claimSender")}>{claimsOwner}</Claim> <Chip tone="risk">{t("claimedOnly")}</Chip>
				<span className="block text-quiet text-sm">{t("claimedOnlyText")}</span>
			</>
		);
	if (owner === key) return <span className="text-quiet">{t("ownOwner")}</span>;
	const others = ownerKeys.filter((one) => one !== key);
	return (
		<>
			{owner}{" "}
			<span className="block text-quiet text-sm">{ownerKeys[0] === key ? t("owns") : t("joined")}</span>
			{others.length > 0 && (
				<span className="flex flex-wrap gap-x-3 text-sm">
					<span className="text-quiet">{t("otherKeys")}</span>
					{others.map((one) => (
						<Agent key={one} of={one} />
					))}
				</span>
			)}
		</>
	);
}

async function Traded({ count, scrip, back }: { count: number; scrip: number; back: number }) {
	const t = await words("agent");
	return (
		<>
			{t("times", { count })} {count > 0 && <Money scrip={scrip} />}
			{back > 0 && <span className="block text-quiet text-sm">{t("givenBack", { count: back })}</span>}
		</>
	);
}

interface Profile {
	about?: string;
	contact?: string;
	links?: string[];
	capabilities?: string[];
	encryption_key?: string;
	recovery_key?: string;
}

async function Claims({ profile: said, own }: { profile: Profile | null; own: boolean }) {
	const [t, common] = await Promise.all([words("agent"), words("common")]);
	const by = common("claimSender");
	const profile = said ?? {};
	const facts: { name: string; value: ReactNode }[] = [];
	if (profile.about) facts.push({ name: t("about"), value: <ClaimText by={by}>{profile.about}</ClaimText> });
	if (profile.contact) facts.push({ name: t("contact"), value: <Claim by={by}>{profile.contact}</Claim> });
	// As text: where a stranger's link leads is for the reader to decide.
	if (profile.links?.length)
		facts.push({ name: t("websites"), value: <ClaimText by={by}>{profile.links.join("\n")}</ClaimText> });
	if (profile.capabilities?.length)
		facts.push({ name: t("capabilities"), value: <Claim by={by}>{profile.capabilities.join(", ")}</Claim> });
	if (profile.encryption_key) facts.push({ name: t("sealing"), value: t("canSeal") });
	if (profile.recovery_key) facts.push({ name: t("recovery"), value: <Agent of={profile.recovery_key} /> });
	if (facts.length > 0) return <Facts facts={facts} />;
	return (
		<Empty next={own && <ButtonLink href="/profile">{t("unknownOwn.profile")}</ButtonLink>}>
			{said === null ? t("claimsNone") : t("claimsBare")}
		</Empty>
	);
}
