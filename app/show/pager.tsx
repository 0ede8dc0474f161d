import { words } from "../viewing";

/** On to older rows and back to the newest, by the address. `query`: what else stands in it. */
export async function Pager({
	path,
	query,
	next,
	first,
	name = "cursor",
	says,
}: {
	path: string;
	query: Record<string, string | undefined>;
	/** The cursor of the next page, if there is one. */
	next: string | number | undefined | null;
	/** Whether this is the first page. */
	first: boolean;
	/** Of the cursor in the address, where a page has several lists; the list's heading has it as its id. */
	name?: string;
	/** For a list whose first row is not its newest. */
	says?: { first: string; next: string };
}) {
	const t = await words("common");
	const { first: toFirst, next: onward } = says ?? { first: t("newest"), next: t("older") };
	const at = (cursor: string | number | undefined) => {
		const all = new URLSearchParams();
		for (const [key, value] of Object.entries({ ...query, [name]: cursor?.toString() }))
			if (value !== undefined && value !== "") all.set(key, value);
		const address = all.size > 0 ? `${path}?${all}` : path;
		return name === "cursor" ? address : `${address}#${name}`;
	};
	if (first && !next) return null;
	return (
		<nav aria-label={t("more")} className="flex gap-4 py-3 text-sm">
			{!first && <a href={at(undefined)}>{toFirst}</a>}
			{next ? (
				<a href={at(next)} rel="next">
					{onward}
				</a>
			) : null}
		</nav>
	);
}
