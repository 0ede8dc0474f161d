import type { Metadata } from "next";
import { ClaimHouse } from "@/components/operator/claim-house";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Notice, PageHead } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import { grantOf, hasOperator } from "@/lib/agents/read";
import { opened } from "@/lib/doors/opened";
import { viewer } from "../../session";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { stringsOf, viewing, words } from "../../viewing";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("operator"))("claim.title") };
}

/** The one-time link of the start command: with it the first browser becomes house operator. */
export default async function ClaimTheHouse() {
	const [{ house, publicUrl }, t, who, { locale, zone }] = await Promise.all([
		opened(),
		words("operator"),
		viewer(),
		viewing(),
	]);
	const [grant, claimed] = await Promise.all([
		who && grantOf(house.sql, who.key, "operator"),
		hasOperator(house.sql),
	]);
	return (
		<>
			<PageHead title={t("claim.title")} lead={grant ? undefined : t("claim.lead")} />
			{who && grant ? (
				<div className="flex max-w-text flex-col gap-4">
					<Notice tone="good" role="status" title={t("claim.done", { fingerprint: fingerprint(who.key) })}>
						{t.rich("claim.since", {
							when: () => <Time at={grant.at} />,
							link: () => <a href={`/messages/${grant.id}`}>#{grant.seq}</a>,
						})}
					</Notice>
					<p className="text-quiet">{t("claim.keep")}</p>
					<div className="flex flex-wrap gap-2">
						<ButtonLink href="/operator" weight="next">
							{t("claim.queue")}
						</ButtonLink>
						<ButtonLink href="/keys">{t("claim.backup")}</ButtonLink>
					</div>
				</div>
			) : (
				<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "operator")}>
					<ClaimHouse claimed={claimed} />
				</Speak>
			)}
			<SameByApi
				client={[
					`TOKEN=$(node client.mjs token me.json ${publicUrl})`,
					`curl -s ${publicUrl}/api/operator/claim -H "Authorization: Bearer $TOKEN" \\`,
					`  -H "Content-Type: application/json" -d '{"token": "<what stands after the #>"}'`,
				].join("\n")}
			/>
		</>
	);
}
