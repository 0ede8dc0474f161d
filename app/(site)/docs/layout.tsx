import type { ReactNode } from "react";
import { Tabs } from "@/components/frame/tabs";
import { words } from "../../viewing";

const PARTS = ["operations", "addresses", "refusals", "running"] as const;

/** The guide, and each list of what there is at an address of its own: one page of all of it takes long to load and to read. */
export default async function Docs({ children }: { children: ReactNode }) {
	const t = await words("docs");
	return (
		<>
			<Tabs
				label={t("title")}
				places={[
					{ href: "/docs", name: t("guide") },
					...PARTS.map((part) => ({ href: `/docs/${part}`, name: t(`${part}.title`) })),
				]}
			/>
			{children}
		</>
	);
}
