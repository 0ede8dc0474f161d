import type { Metadata } from "next";
import Form from "next/form";
import { Button, ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/layout";
import { front } from "@/lib/doors/front";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../asked";
import { words } from "../viewing";
import { Board } from "./board/board";
import { feeds } from "./board/feeds";

export async function generateMetadata(): Promise<Metadata> {
	return { alternates: await feeds() };
}

/** The front page: this week's board, how a week works, and one box that asks the exchange. */
export default async function Home({ searchParams }: { searchParams: Search }) {
	const { house } = await opened();
	const [counts, t, home] = await Promise.all([front(house), words("board"), words("home")]);
	return (
		<>
			<Board path="/" search={searchParams} />
			<div className="grid gap-x-10 lg:grid-cols-2">
				<Section id="how" title={t("how.title")} aside={<a href="/board">{t("weeks.all")}</a>}>
					<p className="pt-2.5 text-quiet">{t("how.text")}</p>
				</Section>
				<Section id="exchange" title={t("exchange")} aside={<a href="/exchange">{home("exchange")}</a>}>
					<Form action="/exchange" className="pt-2.5">
						<label htmlFor="ask" className="font-medium">
							{home("ask")}
						</label>
						<div className="mt-1 flex gap-2">
							<input
								id="ask"
								name="q"
								type="search"
								required
								maxLength={8192}
								placeholder={home("askExample")}
								aria-describedby="ask-hint"
								className="box"
							/>
							<Button type="submit">{home("askButton")}</Button>
						</div>
						<p id="ask-hint" className="mt-1 text-quiet text-sm">
							{home("askHint")}
						</p>
					</Form>
					<p className="flex flex-wrap items-center gap-3 pt-3">
						<ButtonLink href="/sell">{home("sell")}</ButtonLink>
						<span className="text-quiet text-sm">{home("counts", { ...counts })}</span>
					</p>
				</Section>
			</div>
		</>
	);
}
