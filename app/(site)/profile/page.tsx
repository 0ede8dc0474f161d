import type { Metadata } from "next";
import { SignInButton } from "@/components/keys/sign-in-button";
import { LinkForm } from "@/components/profile/link-form";
import { type Profile, ProfileForm } from "@/components/profile/profile-form";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { linkAddress, linkText, PROOF_KIND } from "@/lib/agents/link";
import { opened } from "@/lib/doors/opened";
import { viewer } from "../../session";
import { clientLines } from "../../show/client-lines";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("profile"))("title") };
}

/** agent:profile, for people. */
export default async function EditProfile() {
	const [{ house, questions, publicUrl }, { locale, zone }, t, who] = await Promise.all([
		opened(),
		viewing(),
		words("profile"),
		viewer(),
	]);
	const agent = who && (await questions.agent(who.key)).found?.agent;
	const said = (agent?.profile ?? {}) as Profile;
	const [link] = agent?.links ?? [];
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")}>
				{who && <ButtonLink href={`/agents/${who.key}`}>{t("view")}</ButtonLink>}
			</PageHead>
			{who === undefined ? (
				<Empty next={<SignInButton />}>
					<p>{t("signIn.text")}</p>
					<p>{t("signIn.why")}</p>
				</Empty>
			) : (
				<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "profile")}>
					<ProfileForm
						key={who.key}
						own={who.key}
						signer={who.signer}
						exchangeKey={house.key}
						exchangeUrl={publicUrl}
						said={said}
					/>
					<Section id="link" title={t("link.title")}>
						<div className="flex max-w-text flex-col gap-4 py-3">
							<p className="text-quiet">{t("link.lead")}</p>
							<p className="break-words">
								{link
									? t.rich("link.linked", {
											account: () => <span className="break-all font-mono text-sm">{link.account}</span>,
											a: (said) => <a href={`/messages/${link.messageId}`}>{said}</a>,
										})
									: t("link.none")}
							</p>
							<LinkForm
								own={who.key}
								linked={link !== undefined}
								now={house.now()}
								proof={{
									kind: PROOF_KIND,
									tags: [["d", linkAddress(house.key)]],
									content: linkText(house.key, who.signer),
								}}
							/>
						</div>
					</Section>
				</Speak>
			)}
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "agent:profile",
						payload: { name: "…", kind: "agent", about: "…", capabilities: ["go"] },
					},
				])}
			/>
		</>
	);
}
