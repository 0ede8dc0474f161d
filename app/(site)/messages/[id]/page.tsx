import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { VerifyHere } from "@/components/log/verify-here";
import { Speak } from "@/components/strings/speak";
import { Copy } from "@/components/ui/copy";
import { Chip, Facts, Notice, PageHead, Section } from "@/components/ui/layout";
import { visibleJson } from "@/components/ui/visible";
import type { Line } from "@/lib/doors/log-questions";
import { opened } from "@/lib/doors/opened";
import type { Message } from "@/lib/log/message";
import type { Search } from "../../../asked";
import { viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { Claim } from "../../../show/claim";
import { PayloadFacts } from "../../../show/payload";
import { SameByApi } from "../../../show/same-by-api";
import { Time } from "../../../show/time";
import { Timeline } from "../../../show/timeline";
import { stringsOf, viewing, words } from "../../../viewing";
import { Changed } from "./changed";

type Props = { params: Promise<{ id: string }>; searchParams: Search };

const ID = /^[0-9a-f]{64}$/;
/** A message longer than this is folded away. */
const LONG = 6_000;

const asked = cache(async (id: string, whole: boolean) => {
	const [{ questions }, who] = await Promise.all([opened(), viewer()]);
	return ID.test(id) ? (await questions.message(id, who?.key, whole)).found : undefined;
});

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
	const [{ id }, { content }, t] = await Promise.all([params, searchParams, words("log")]);
	const found = await asked(id, content === "whole");
	return { title: found ? `#${found.seq} ${found.caption}` : t("message.unknown") };
}

/** One message: what it says, the talk it stands in, the text that was signed, and the means to check it. */
export default async function OneMessage({ params, searchParams }: Props) {
	const [{ id }, { content }, { house, questions }, { locale, zone }, t, common, who] = await Promise.all([
		params,
		searchParams,
		opened(),
		viewing(),
		words("log"),
		words("common"),
		viewer(),
	]);
	const found = await asked(id, content === "whole");
	if (!found) notFound();
	const { found: changes } = await questions.changes(id, who?.key);
	const message = JSON.parse(found.wire) as Message & { hidden_by?: string };
	const hidden = message.hidden_by;
	const { sender, tags, payload, timestamp, signature } = message;
	const raw = visibleJson(message);
	const about = aboutWhat();
	return (
		<>
			<PageHead
				title={<span className="inline-block first-letter:uppercase">{found.caption}</span>}
				lead={t.rich("message.lead", { seq: found.seq, when: () => <Time at={found.receivedAt} /> })}
			>
				<nav aria-label={t("message.neighbours")} className="flex gap-4 text-sm">
					{found.previous !== undefined && (
						<a href={`/messages/${found.previous}`} rel="prev">
							← {t("message.previous", { seq: found.seq - 1 })}
						</a>
					)}
					{found.next !== undefined && (
						<a href={`/messages/${found.next}`} rel="next">
							{t("message.next", { seq: found.seq + 1 })} →
						</a>
					)}
				</nav>
			</PageHead>

			<div className="grid grid-cols-1 gap-x-12 lg:grid-cols-2">
				<div>
					<Section id="says" title={t("message.says")}>
						{hidden === undefined ? (
							<PayloadFacts
								payload={payload}
								fields={found.fields}
								keys={found.keys}
								ownWords={sender === house.key}
							/>
						) : (
							<p className="max-w-text py-3 text-quiet">
								{t.rich("message.hidden", { link: (said) => <a href={`/messages/${hidden}`}>{said}</a> })}
							</p>
						)}
						{found.more && (
							<Notice>
								{t("message.tooLong")} <a href="?content=whole#says">{t("message.withContent")}</a>
							</Notice>
						)}
						{!found.more && found.wire.includes('"content":{') && (
							<Notice title={t("message.signInNote")}>{t("message.notYours")}</Notice>
						)}
					</Section>
					<Section id="talk" title={t("message.talk")}>
						<div className="py-3">
							{found.before.length === 0 && <p className="pb-2 text-quiet text-sm">{t("message.first")}</p>}
							<Timeline
								events={[...found.before, found, ...found.after].map((one) => ({
									...one,
									at: one.receivedAt,
									says:
										one.id === id ? (
											<>
												<strong className="font-semibold">{one.caption}</strong>{" "}
												<Chip>{t("message.here")}</Chip>
											</>
										) : (
											one.caption
										),
								}))}
							/>
							{found.after.length === 0 && <p className="pt-2 text-quiet text-sm">{t("message.last")}</p>}
						</div>
					</Section>
				</div>

				<Section id="facts" title={t("message.facts")}>
					<Facts
						facts={[
							{
								name: t("message.operation"),
								value: (
									<>
										<a
											href={`/docs/operations?system=${found.operation.split(":")[0]}#${found.operation}`}
											className="font-mono text-sm"
										>
											{found.operation}
										</a>
										<span className="block text-quiet text-sm">{found.summary}.</span>
									</>
								),
							},
							{
								name: t("message.sender"),
								value: (
									<>
										<Agent of={sender} /> {sender === who?.key && <Chip tone="good">{common("you")}</Chip>}
									</>
								),
							},
							{
								name: t("message.recorded"),
								value: (
									<>
										#{found.seq}, <Time at={found.receivedAt} />
									</>
								),
							},
							{
								name: t("message.dated"),
								value: (
									<Claim by={common("claimSender")}>{timestamp.replace("T", " ").replace("Z", " UTC")}</Claim>
								),
							},
							...(about.length > 0
								? [
										{
											name: t("message.about"),
											value: (
												<ul>
													{about.map(({ href, says, isNew }) => (
														<li key={href} className="flex flex-wrap gap-x-3 text-sm">
															<a href={href} className="w-full text-base">
																{says}
															</a>
															<a
																href={`${href}?as_of=${found.seq}`}
																rel="nofollow"
																className="inline-block leading-6"
															>
																{t("message.then")}
															</a>
															{!isNew && (
																<a
																	href={`${href}?as_of=${found.seq - 1}`}
																	rel="nofollow"
																	className="inline-block leading-6"
																>
																	{t("message.justBefore")}
																</a>
															)}
														</li>
													))}
												</ul>
											),
										},
									]
								: []),
							{
								name: t("message.tags"),
								value: (
									<ul className="font-mono text-sm">
										{tags.map((tag) => (
											<li key={tag}>
												<a href={`/log?${new URLSearchParams({ tag })}`}>{tag}</a>
											</li>
										))}
									</ul>
								),
							},
							{
								name: t("message.id"),
								value: (
									<span className="flex flex-wrap items-center gap-2">
										<span className="block break-all font-mono text-sm">{id}</span>
										<Copy text={id} />
									</span>
								),
							},
							{
								name: t("message.signature"),
								value: <span className="block break-all font-mono text-sm">{signature}</span>,
							},
						]}
					/>
				</Section>
			</div>

			{changes && <Changed changes={changes} seq={found.seq} reader={who?.key} />}

			<Section id="raw" title={t("message.raw")}>
				<p className="pt-3 text-quiet text-sm">{t("message.rawNote")}</p>
				<details open={raw.length < LONG} className="py-2 text-sm">
					<summary className="text-quiet">{t("message.show")}</summary>
					<pre
						id="signed"
						title={common("claimOf", { who: common("claimSender") })}
						className="mt-1 whitespace-pre-wrap break-all rounded bg-shade px-3 py-2 font-mono leading-5"
					>
						{raw}
					</pre>
				</details>
				<Speak locale={locale} zone={zone} strings={await stringsOf("common", "log")}>
					<VerifyHere text="signed" exchangeKey={house.key} />
				</Speak>
			</Section>
			<SameByApi path={`/api/messages/${id}`} />
		</>
	);

	/**
	 * What else stands on a page of its own: the answer, and the order of the buy that began this talk. `isNew`: before this message it
	 * was not there.
	 */
	function aboutWhat(): { href: string; says: string; isNew: boolean }[] {
		const { entry_id: named } = payload as { entry_id?: string };
		const entry = found!.operation === "exchange:put" ? id : named;
		const isBuy = ({ operation }: Line) => operation === "exchange:buy";
		const buy = [...found!.before, found!].find(isBuy);
		return [
			...(entry === undefined
				? []
				: [{ href: `/exchange/${entry}`, says: t("message.entry"), isNew: entry === id }]),
			...(buy === undefined
				? []
				: [{ href: `/orders/${buy.id}`, says: t("message.order"), isNew: buy.id === id }]),
		];
	}
}
