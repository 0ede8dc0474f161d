import type { Metadata } from "next";
import { SellForm } from "@/components/sell/sell-form";
import { Speak } from "@/components/strings/speak";
import { Notice, PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { id } from "@/lib/log/field";
import type { Search } from "../../asked";
import { viewer } from "../../session";
import { clientLines } from "../../show/client-lines";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("sell"))("title") };
}

/** A put, for people. What led here may have filled in what is wanted. */
export default async function Sell({ searchParams }: { searchParams: Search }) {
	const [t, { locale, zone }, given, { questions, publicUrl }, who] = await Promise.all([
		words("sell"),
		viewing(),
		searchParams,
		opened(),
		viewer(),
	]);
	const one = (name: string) => {
		const value = given[name];
		return Array.isArray(value) ? value[0] : value;
	};
	const close = id().safeParse(one("close")).data;
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			{close !== undefined && (
				<div className="mb-5 max-w-text">
					<Notice>
						{t.rich("fromClose", { close: () => <a href={`/messages/${close}`}>{t("theClose")}</a> })}
					</Notice>
				</div>
			)}
			<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "sell")}>
				<SellForm
					puts={who && (await questions.putsLeft(who.key))}
					close={close}
					prefilled={{ description: one("description"), type: one("type"), domains: one("domains") }}
				/>
			</Speak>
			<SameByApi
				client={clientLines(publicUrl, [
					{
						operation: "exchange:put",
						payload: {
							description: "…",
							content: "…",
							token_cost: 4000,
							content_type: "code",
							domains: ["go"],
						},
						wait: 20,
					},
				])}
			/>
		</>
	);
}
