"use client";
import { usePathname } from "next/navigation";
import { WaitingCount } from "@/components/desk/waiting-count";
import { words } from "@/components/ui/words";

export interface Place {
	href: string;
	name: string;
	/** How many things wait for the reader there. */
	waiting?: number;
}

export function HeaderNav({ label, places }: { label: string; places: Place[] }) {
	const path = usePathname();
	return (
		<nav aria-label={label} className="order-last w-full overflow-x-auto sm:order-none sm:w-auto">
			<ul className="flex gap-x-4 text-sm">
				{places.map(({ href, name, waiting }) => {
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
								{waiting !== undefined && <WaitingCount count={waiting} />}
							</a>
						</li>
					);
				})}
			</ul>
		</nav>
	);
}
