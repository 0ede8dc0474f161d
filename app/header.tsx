import Form from "next/form";
import { HeaderNav } from "@/components/frame/header-nav";
import { SignInButton } from "@/components/keys/sign-in-button";
import { fingerprint, Mark } from "@/components/ui/mark";
import { namesOf } from "./names";
import { viewer } from "./session";
import { words } from "./viewing";
import { waitingCount } from "./waiting";

/** What stands on top of every page: where one is, what can be searched, and as whom one speaks. */
export async function Header() {
	const [t, who] = await Promise.all([words("common"), viewer()]);
	const places = [
		{ href: "/exchange", name: t("nav.exchange") },
		{ href: "/wanted", name: t("nav.wanted") },
		{ href: "/sell", name: t("nav.sell") },
		{ href: "/log", name: t("nav.log") },
		{ href: "/docs", name: t("nav.docs") },
		...(who ? [{ href: "/desk", name: t("nav.desk"), waiting: await waitingCount() }] : []),
		...(who?.operator || who?.auditor ? [{ href: "/operator", name: t("nav.operator") }] : []),
	];
	return (
		<header className="border-line border-b">
			<div className="mx-auto flex max-w-page flex-wrap items-center gap-x-6 gap-y-2 px-4 py-2.5 sm:px-6">
				<a href="/" className="font-semibold no-underline">
					{t("name")}
				</a>
				<HeaderNav label={t("nav.label")} places={places} />
				<div className="ml-auto flex items-center gap-3">
					<Form action="/exchange" role="search">
						<input
							id="search"
							name="q"
							type="search"
							aria-label={t("search")}
							placeholder={`${t("search")}  /`}
							className="w-36 rounded border border-line bg-paper px-2 py-1 text-sm focus:w-56 sm:w-44"
						/>
					</Form>
					{who ? (
						<a href="/keys" className="whitespace-nowrap text-sm no-underline hover:underline">
							<Mark of={who.key} /> {(await namesOf(who.key)) ?? fingerprint(who.key)}
						</a>
					) : (
						<SignInButton />
					)}
				</div>
			</div>
		</header>
	);
}
