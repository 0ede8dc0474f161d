import Form from "next/form";
import { HeaderNav } from "@/components/frame/header-nav";
import { SignInButton } from "@/components/keys/sign-in-button";
import { fingerprint, Mark } from "@/components/ui/mark";
import { visible } from "@/components/ui/visible";
import { namesOf } from "./names";
import { viewer } from "./session";
import { words } from "./viewing";
import { waitingCount } from "./waiting";

/** What stands on top of every page: where one is, what can be searched, and as whom one speaks. */
export async function Header() {
	const [t, who] = await Promise.all([words("common"), viewer()]);
	const places = [
		{ href: "/", name: t("nav.board") },
		{ href: "/exchange", name: t("nav.exchange") },
		{ href: "/wanted", name: t("nav.wanted") },
		{ href: "/sell", name: t("nav.sell") },
		{ href: "/log", name: t("nav.log") },
		{ href: "/docs", name: t("nav.docs") },
		...(who ? [{ href: "/desk", name: t("nav.desk"), waiting: await waitingCount() }] : []),
		...(who?.operator || who?.auditor ? [{ href: "/operator", name: t("nav.operator") }] : []),
	];
	return (
		<header className="relative border-line border-b">
			<div className="mx-auto flex max-w-page flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 sm:gap-x-6 sm:px-6">
				<a href="/" className="font-semibold no-underline">
					{t("name")}
				</a>
				<HeaderNav label={t("nav.label")} places={places} />
				<Form
					action="/exchange"
					role="search"
					className="order-3 flex-1 sm:order-none sm:ml-auto sm:flex-none"
				>
					<input
						id="search"
						name="q"
						type="search"
						aria-label={t("search")}
						placeholder={`${t("search")}  /`}
						className="w-full rounded border border-line bg-paper px-2 py-1 text-sm sm:w-44 sm:focus:w-56"
					/>
				</Form>
				<div className="order-1 ml-auto max-w-32 truncate text-sm sm:order-none sm:ml-0 sm:max-w-48">
					{who ? (
						<a href="/keys" className="no-underline hover:underline">
							<Mark of={who.key} /> <bdi>{visible((await namesOf(who.key)) ?? fingerprint(who.key))}</bdi>
						</a>
					) : (
						<SignInButton />
					)}
				</div>
				{/* Where it is narrow: the name and who is signed in stand above, places and the search below. */}
				<span className="order-1 basis-full sm:hidden" />
			</div>
		</header>
	);
}
