import { words } from "../viewing";

/** On to older rows and back to the newest, by the address. `query`: what else stands in it. */
export async function Pager({
	path,
	query,
	next,
	first,
	name = "cursor",
}: {
	path: string;
	query: Record<string, string | undefined>;
	/** The cursor of the next page, if there is one. */
	next: string | number | undefined | null;
	/** Whether this is the first page. */
	first: boolean;
	/** Of the cursor in the address, where a page has several lists; the list's heading has it as its id. */
	name?: string;
}) {
	const t = await words("common");
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
			{!first && <a href={at(undefined)}>{t("newest")}</a>}
			{next ? (
				<a href={at(next)} rel="next">
					{t("older")}
				</a>
			) : null}
		</nav>
	);
}
