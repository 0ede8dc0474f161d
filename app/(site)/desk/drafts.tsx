import { ActButton } from "@/components/act/act-button";
import { Speak } from "@/components/strings/speak";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { opened } from "@/lib/doors/opened";
import type { Payload } from "@/lib/log/message";
import { aside } from "../../drafts";
import { ClaimText } from "../../show/claim";
import { Time } from "../../show/time";
import { stringsOf, viewing, words } from "../../viewing";

/** What was written to the reader from open rails; nothing while nobody has. None of it is said here before it is signed. */
export async function Drafts({ of: key }: { of: string }) {
	const { questions } = await opened();
	const drafts = await questions.drafts(key);
	if (drafts.length === 0) return null;
	const [t, common, { locale, zone }] = await Promise.all([words("desk"), words("common"), viewing()]);
	return (
		<Section id="drafts" title={t("drafts.title")}>
			<p className="py-2 text-quiet text-sm">{t("drafts.lead")}</p>
			<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "desk")}>
				<ul className="divide-y divide-line">
					{drafts.map(({ draft_id: id, account, post_id: post, words: said, act, at }) => (
						<li key={id} className="flex flex-col gap-2 py-3">
							<p className="text-sm">
								{t.rich(act ? "drafts.own" : "drafts.others", {
									account: () => (
										<span className="font-mono" title={account}>
											{fingerprint(account)}
										</span>
									),
									when: () => <Time at={Date.parse(at)} />,
									post: (text) => <a href={`/posts/${post}`}>{text}</a>,
								})}
							</p>
							<ClaimText by={common("claimSender")}>{said}</ClaimText>
							<div className="flex flex-wrap items-start gap-3">
								{act && (
									<ActButton
										acting={{
											operation: act.operation,
											payload: act.payload as Payload,
											antecedents: act.antecedents,
										}}
										says={t("drafts.says")}
										label={t("drafts.sign")}
										to={`/posts/${post}`}
									/>
								)}
								<form action={aside}>
									<input type="hidden" name="draft" value={id} />
									<Button small type="submit">
										{t("drafts.aside")}
									</Button>
								</form>
							</div>
						</li>
					))}
				</ul>
			</Speak>
		</Section>
	);
}
