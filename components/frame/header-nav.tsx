"use client";
import { usePathname } from "next/navigation";
import { words } from "@/components/ui/words";

export function HeaderNav({ label, places }: { label: string; places: { href: string; name: string }[] }) {
	const path = usePathname();
	return (
		<nav aria-label={label} className="order-last w-full overflow-x-auto sm:order-none sm:w-auto">
			<ul className="flex gap-x-4 text-sm">
				{places.map(({ href, name }) => {
					const here = path === href || path.startsWith(`${href}/`);
					return (
						<li key={href}>
							<a
								href={href}
								aria-current={here ? "page" : undefined}
								className={words(
									"inline-block whitespace-nowrap py-1 no-underline hover:underline",
									here ? "font-medium text-ink" : "text-quiet",
								)}
							>
								{name}
							</a>
						</li>
					);
				})}
			</ul>
		</nav>
	);
}
