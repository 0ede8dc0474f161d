import type { Metadata } from "next";
import Form from "next/form";
import { Live } from "@/components/frame/live";
import { Button } from "@/components/ui/button";
import { Select, TextField } from "@/components/ui/field";
import { Empty, PageHead, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { place, tagParam } from "@/lib/doors/query";
import { key } from "@/lib/log/field";
import { asked, type Search } from "../../asked";
import { viewer } from "../../session";
import { Agent } from "../../show/agent";
import { Pager } from "../../show/pager";
import { SameByApi } from "../../show/same-by-api";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** As the API names them; `cursor` goes back in time here, and forward there. */
const QUERY = { tag: tagParam().optional(), sender: key().optional(), cursor: place().optional() };

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("log"))("title") };
}

/** Every act, newest first: what happened, by whom, when. */
export default async function Log({ searchParams }: { searchParams: Search }) {
	const [{ house, questions }, t, who, { asked: wish, given, wrong }] = await Promise.all([
		opened(),
		words("log"),
		viewer(),
		asked(searchParams, QUERY),
	]);
	const { cursor, ...filter } = wish;
	const { seq, found } = await questions.log(filter, cursor);
	const { cursor: _, ...filters } = given;
	const tags = questions.tags();
	const query = `${new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined))}`;
	const known = new Set(tags.map(({ tag }) => tag));
	const settle = "exchange:settle";
	const error = (name: string) => wrong[name] && t("wrong", { detail: wrong[name] });
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			<Form
				action="/log"
				key={JSON.stringify(filters)}
				role="search"
				aria-label={t("filters.label")}
				className="grid grid-cols-1 items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]"
			>
				<Select
					name="tag"
					label={t("filters.tag")}
					defaultValue={filters.tag ?? ""}
					error={error("tag")}
					options={[
						{ value: "", label: t("filters.any") },
						...(filters.tag === undefined || known.has(filters.tag) || filters.tag === settle
							? []
							: [{ value: filters.tag, label: filters.tag }]),
						{ value: settle, label: t("filters.phases", { tag: settle }) },
						...tags.map(({ tag, operation }) => ({ value: tag, label: operation })),
					]}
				/>
				<TextField
					name="sender"
					label={t("filters.sender")}
					placeholder={t("filters.senderHint")}
					defaultValue={filters.sender ?? ""}
					error={error("sender")}
					autoComplete="off"
					spellCheck={false}
				/>
				<div className="flex flex-wrap items-center gap-x-4 gap-y-2">
					<Button type="submit">{t("filters.apply")}</Button>
					{who && <a href={`/log?sender=${who.key}`}>{t("filters.mine")}</a>}
					<a href={`/log?sender=${house.key}`}>{t("filters.house")}</a>
					{Object.keys(filters).length > 0 && <a href="/log">{t("filters.clear")}</a>}
				</div>
			</Form>
			<Section
				id="messages"
				title={t("all")}
				aside={cursor === undefined ? <Live query={query} after={seq} /> : undefined}
			>
				{found.items.length === 0 ? (
					<Empty>
						{found.next === undefined
							? t("none")
							: t("noneSoFar", { count: Math.min(cursor ?? seq + 1, seq + 1) - found.next })}
					</Empty>
				) : (
					<Table
						caption={t("title")}
						rows={found.items}
						rowKey={({ seq }) => seq}
						folds
						columns={[
							{
								id: "seq",
								head: t("head.seq"),
								cell: ({ id, seq }) => <a href={`/messages/${id}`}>{`#${seq}`}</a>,
							},
							{
								id: "what",
								names: true,
								head: t("head.what"),
								cell: ({ caption }) => capital(caption),
							},
							{
								id: "operation",
								code: true,
								wide: true,
								head: t("head.operation"),
								cell: ({ operation }) => operation,
							},
							{ id: "sender", head: t("head.sender"), cell: ({ sender }) => <Agent of={sender} /> },
							{
								id: "when",
								number: true,
								head: t("head.when"),
								cell: ({ receivedAt }) => <Time at={receivedAt} />,
							},
						]}
					/>
				)}
				<Pager path="/log" query={filters} next={found.next} first={cursor === undefined} />
			</Section>
			<p className="text-sm">
				<a href={`/log/log.ndjson${query === "" ? "" : `?${query}`}`} download>
					{t(query === "" ? "file" : "fileOf")}
				</a>
				.{" "}
				<span className="text-quiet">
					{t.rich("fileNote", { code: (said) => <code className="font-mono">{said}</code> })}
				</span>
			</p>
			<SameByApi path={`/api/messages${query === "" ? "" : `?${query}`}`} ndjson />
		</>
	);
}

/** Captions are parts of sentences elsewhere. */
function capital(caption: string): string {
	return caption.charAt(0).toUpperCase() + caption.slice(1);
}
