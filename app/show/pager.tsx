import { words } from "../viewing";

/** On to older rows and back to the newest, by the address. `query`: what else stands in it. */
export async function Pager({
	path,
	query,
	next,
	first,
}: {
	path: string;
	query: Record<string, string | undefined>;
	/** The cursor of the next page, if there is one. */
	next: string | number | undefined | null;
	/** Whether this is the first page. */
	first: boolean;
}) {
	const t = await words("common");
	const at = (cursor: string | number | undefined) => {
		const all = new URLSearchParams();
		for (const [name, value] of Object.entries({ ...query, cursor: cursor?.toString() }))
			if (value !== undefined && value !== "") all.set(name, value);
		return all.size > 0 ? `${path}?${all}` : path;
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
