"use client";
import { usePathname } from "next/navigation";
import { words } from "@/components/ui/words";

/** The pages of one place, side by side. */
export function Tabs({ label, places }: { label: string; places: { href: string; name: string }[] }) {
	const path = usePathname();
	return (
		<nav aria-label={label} className="-mx-4 border-line border-b px-4 sm:mx-0 sm:px-0">
			<ul className="flex flex-wrap gap-x-3.5 text-sm sm:gap-x-5">
				{places.map(({ href, name }) => (
					<li key={href}>
						<a
							href={href}
							aria-current={path === href ? "page" : undefined}
							className={words(
								"-mb-px inline-block whitespace-nowrap border-b-2 py-2 no-underline",
								path === href ? "border-ink font-medium" : "border-transparent text-quiet hover:text-ink",
							)}
						>
							{name}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}
