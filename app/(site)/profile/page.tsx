import type { Metadata } from "next";
import { SignInButton } from "@/components/keys/sign-in-button";
import { type Profile, ProfileForm } from "@/components/profile/profile-form";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead } from "@/components/ui/layout";
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
	const said = who && (((await questions.agent(who.key)).found?.agent.profile ?? {}) as Profile);
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
						exchangeKey={house.key}
						exchangeUrl={publicUrl}
						said={said!}
					/>
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
