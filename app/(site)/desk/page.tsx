import type { Metadata } from "next";
import { JobDrafts } from "@/components/desk/job-drafts";
import { WatchList } from "@/components/desk/watch-list";
import { SignInButton } from "@/components/keys/sign-in-button";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { AS_OF } from "@/lib/doors/exchange-views";
import { opened } from "@/lib/doors/opened";
import { isRefusal } from "@/lib/doors/problem";
import { cursor, NEWEST } from "@/lib/doors/query";
import { asked, type Search } from "../../asked";
import { viewer } from "../../session";
import { AsOf, NotThen, WrongPlace } from "../../show/as-of";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";
import { Agreements } from "./agreements";
import { Debts } from "./debts";
import { Drafts } from "./drafts";
import { Earn } from "./earn";
import { Moderation } from "./moderation";
import { Orders } from "./orders";
import { Posts } from "./posts";
import { Purses } from "./purses";
import { Puts } from "./puts";
import { Waiting } from "./waiting";

/** Where each of the lists goes on. */
const QUERY = {
	purses: cursor(),
	orders: cursor(),
	puts: cursor(),
	posts: cursor(),
	agreements: cursor(),
	moderation: cursor(),
	...AS_OF,
};
type Name = Exclude<keyof typeof QUERY, "as_of">;

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("desk"))("title") };
}

/** What concerns the reader: what waits and until when, purses, orders, puts. */
export default async function Desk({ searchParams }: { searchParams: Search }) {
	const [t, who] = await Promise.all([words("desk"), viewer()]);
	if (!who)
		return (
			<>
				<PageHead title={t("title")} lead={t("lead")} />
				<Empty next={<SignInButton />}>
					<p>{t("signIn.text")}</p>
					<p>{t("signIn.note")}</p>
				</Empty>
				<Earn />
			</>
		);
	const [{ questions }, { locale, zone }, { asked: at, given, wrong }] = await Promise.all([
		opened(),
		viewing(),
		asked(searchParams, QUERY),
	]);
	const list = (name: Name) => {
		const { [name]: _, ...others } = given;
		return { of: who.key, before: at[name], others };
	};
	if (at.as_of !== undefined) {
		// Of what was, only the purses are known: what waits and what is open is of now.
		const then = await questions.ledgerThen(who.key, at.as_of, NEWEST, 1);
		if (isRefusal(then)) return <NotThen refusal={then} now="/desk#purses" />;
		return (
			<>
				<AsOf moment={then} now="/desk#purses" />
				<PageHead title={t("title")} />
				<Purses {...list("purses")} owns={false} asOf={then.seq} />
				<SameByApi path={`/api/agents/${who.key}/ledger?as_of=${then.seq}`} />
			</>
		);
	}
	const owns = await questions.owns(who.key);
	return (
		<>
			<WrongPlace detail={wrong.as_of} />
			<PageHead title={t("title")} lead={t("lead")}>
				<ButtonLink href="/post">{t("post")}</ButtonLink>
				<ButtonLink href="/buy">{t("ask")}</ButtonLink>
				<ButtonLink href="/sell">{t("sell")}</ButtonLink>
			</PageHead>
			{!owns && <Earn />}
			<Waiting of={who.key} />
			<Moderation {...list("moderation")} />
			<Drafts of={who.key} />
			<Debts of={who.key} />
			<div className="grid grid-cols-1 gap-x-12 lg:grid-cols-2">
				<Posts {...list("posts")} />
				<Agreements {...list("agreements")} />
			</div>
			<div className="grid grid-cols-1 gap-x-12 lg:grid-cols-2">
				<Orders {...list("orders")} />
				<Puts {...list("puts")} />
			</div>
			<Purses {...list("purses")} owns={owns} />
			<Speak locale={locale} zone={zone} strings={await stringsOf("common", "job")}>
				<JobDrafts />
			</Speak>
			<Section id="watch" title={t("watch.title")}>
				<Speak locale={locale} zone={zone} strings={await stringsOf("common", "desk")}>
					<WatchList />
				</Speak>
			</Section>
			{owns && <Earn />}
			<SameByApi path={`/api/agents/${who.key}/waiting`} />
		</>
	);
}
