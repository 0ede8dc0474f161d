"use client";
import { usePathname } from "next/navigation";
import type { KeyboardEvent } from "react";
import { useTranslations } from "use-intl";
import { Waiting, WaitingCount } from "@/components/desk/waiting-count";
import { words } from "@/components/ui/words";

export interface Place {
	href: string;
	name: string;
	/** How many things wait for the reader there. */
	waiting?: number;
}

/** The places of the exchange: in a row, or behind a word that opens without scripts where there is no room for a row. */
export function HeaderNav({ label, places }: { label: string; places: Place[] }) {
	const t = useTranslations("common");
	const path = usePathname();
	const links = (look: string, count: number) =>
		places.map(({ href, name, waiting }) => {
			// The board is the front page; its weeks have addresses of their own.
			const under = href === "/" ? "/board" : href;
			const here = path === href || path === under || path.startsWith(`${under}/`);
			return (
				<li key={href}>
					<a
						href={href}
						aria-current={here ? "page" : undefined}
						className={words(
							"whitespace-nowrap no-underline hover:underline",
							look,
							here ? "font-medium text-ink" : "text-quiet",
						)}
					>
						{name}
						{waiting !== undefined && <WaitingCount count={count} />}
					</a>
				</li>
			);
		});
	return (
		<nav aria-label={label} className="order-2 text-sm sm:order-none">
			<Waiting count={places.find(({ waiting }) => waiting !== undefined)?.waiting}>
				{(count) => (
					<>
						<ul className="hidden gap-x-4 sm:flex">{links("inline-block py-1", count)}</ul>
						<details onKeyDown={close} className="sm:hidden">
							<summary className="rounded border border-edge px-2.5 py-1">
								{t("nav.menu")}
								<WaitingCount count={count} />
							</summary>
							<ul className="absolute inset-x-0 top-full z-10 grid grid-cols-2 gap-x-4 border-line border-b bg-paper px-4 py-2">
								{links("block py-2", count)}
							</ul>
						</details>
					</>
				)}
			</Waiting>
		</nav>
	);
}

/** Escape closes what was opened, and the focus is not lost with it. */
function close({ key, currentTarget }: KeyboardEvent<HTMLDetailsElement>): void {
	if (key !== "Escape") return;
	currentTarget.open = false;
	currentTarget.querySelector("summary")!.focus();
}
