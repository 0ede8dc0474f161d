import type { ReactNode } from "react";
import { Tabs } from "@/components/frame/tabs";
import { SignInButton } from "@/components/keys/sign-in-button";
import { Notice, PageHead } from "@/components/ui/layout";
import { viewer } from "../../session";
import { words } from "../../viewing";
import { consoles, moderation } from "../consoles";

const PLACES = ["queue", "money", "agents", "settings", "health", "audit"] as const;

export default async function House({ children }: { children: ReactNode }) {
	const [house, board, t] = await Promise.all([consoles(), moderation(), words("operator")]);
	if (!house && !board) return <Closed />;
	return (
		<>
			<Tabs
				label={t("nav.label")}
				places={(house ? PLACES : (["queue"] as const)).map((name) => ({
					href: name === "queue" ? "/operator" : `/operator/${name}`,
					name: t(`nav.${name}`),
				}))}
			/>
			{!house?.isOperator && (
				<div className="pt-4">
					<Notice>{t(board?.isModerator ? "moderator" : "auditor")}</Notice>
				</div>
			)}
			<noscript>
				<div className="pt-4">
					<Notice>{t("noscript")}</Notice>
				</div>
			</noscript>
			{children}
		</>
	);
}

/** To whoever is no house operator: what this is, and how one becomes one. */
async function Closed() {
	const [t, who] = await Promise.all([words("operator"), viewer()]);
	return (
		<>
			<PageHead title={t("closed.title")} lead={t("closed.lead")} />
			<div className="max-w-text space-y-3">
				<p>{who ? t("closed.signedIn") : t("closed.signedOut")}</p>
				{!who && <SignInButton />}
				<h2 className="pt-3 font-semibold">{t("closed.how")}</h2>
				<ul className="list-disc space-y-1 pl-5">
					<li>{t("closed.granted")}</li>
					<li>{t("closed.first")}</li>
				</ul>
				<p className="text-quiet">{t.rich("closed.public", { log: (log) => <a href="/log">{log}</a> })}</p>
			</div>
		</>
	);
}
