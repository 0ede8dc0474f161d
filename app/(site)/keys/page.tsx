import type { Metadata } from "next";
import { HeldKeys } from "@/components/keys/held-keys";
import { Safety } from "@/components/keys/safety";
import { Sessions } from "@/components/keys/sessions";
import { PageHead, Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { sessionsOf } from "@/lib/doors/sessions";
import type { Payload } from "@/lib/log/message";
import { viewer } from "../../session";
import { words } from "../../viewing";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("key"))("title") };
}

/** The keys of this browser, and where the signed-in key has sessions. */
export default async function Keys() {
	const [{ house, questions }, t, who] = await Promise.all([opened(), words("key"), viewer()]);
	const agent = who && (await questions.agent(who.key)).found?.agent;
	const profile = (agent?.profile ?? undefined) as Payload | undefined;
	const sessions = who && (await sessionsOf(house, who.signer, who.token));
	return (
		<>
			<PageHead title={t("title")} lead={t("needed.lead")} />
			<Section id="held" title={t("held")}>
				<HeldKeys />
			</Section>
			<Section id="safety" title={t("safety")}>
				<Safety name={profile?.name as string | undefined} profile={profile} />
			</Section>
			{sessions && (
				<Section id="sessions" title={t("sessions")}>
					<p className="py-3 text-quiet">{t("sessionsLead")}</p>
					<Sessions sessions={sessions} />
				</Section>
			)}
		</>
	);
}
