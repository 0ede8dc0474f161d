import { Filters } from "@/components/board/filters";
import { Live } from "@/components/frame/live";
import { Speak } from "@/components/strings/speak";
import { ButtonLink } from "@/components/ui/button";
import { Empty, Section } from "@/components/ui/layout";
import { words as look } from "@/components/ui/words";
import { POST_STATES } from "@/lib/board/read";
import { cursorOf } from "@/lib/doors/board-views";
import { opened } from "@/lib/doors/opened";
import type { Search } from "../../asked";
import { clientLines } from "../../show/client-lines";
import { Pager } from "../../show/pager";
import { SameByApi } from "../../show/same-by-api";
import { stringsOf, viewing, words } from "../../viewing";
import { example } from "./examples";
import { PostLines } from "./lines";
import { Phase } from "./phase";
import { boardAsked, needsCursorOf } from "./query";

/** Lines of each side of a page: as many as EXPERIENCE, "Budgets", leaves room for. */
const LINES = 10;

/** A week's board: its phase, the filters, needs and offers beside each other. All of it is in the address. */
export async function Board({ path, week, search }: { path: string; week?: string; search: Search }) {
	const [{ questions, house, publicUrl }, t, states, { locale, zone }] = await Promise.all([
		opened(),
		words("board"),
		words("post"),
		viewing(),
	]);
	const { asked, filters, places, wrong, api } = await boardAsked(search, zone);
	const { seq, found: board } = await questions.boardPage({ ...asked, week, limit: LINES });
	const now = house.now();
	const over = now >= Date.parse(board.ends_at);
	const narrowed = Object.keys(filters).length > 0;
	const sides = [
		{
			kind: "need",
			side: board.needs,
			next: board.needs.next && needsCursorOf(board.needs.next),
			at: "needs",
		},
		{
			kind: "offer",
			side: board.offers,
			next: board.offers.next && cursorOf(board.offers.next),
			at: "offers",
		},
	] as const;
	const shown = sides.filter(({ kind }) => asked.type === undefined || asked.type === kind);
	const query = new URLSearchParams({ ...(week && { week }), ...api });
	return (
		<>
			<Phase board={board} now={now} />
			<Speak locale={locale} zone={zone} strings={await stringsOf("filters", "views")}>
				<Filters
					path={path}
					given={filters}
					wrong={Object.fromEntries(
						Object.entries(wrong).map(([name, detail]) => [name, t("wrong", { detail })]),
					)}
					states={[
						["at-risk", states("risk")],
						...POST_STATES.map((one): [string, string] => [one, states(`states.${one}`)]),
					]}
					zone={zone}
				/>
			</Speak>
			<div className={look("gap-x-10", shown.length === 2 && "grid lg:grid-cols-2")}>
				{shown.map(({ kind, side, next, at }) => (
					<Section
						key={kind}
						id={at}
						title={t(`sides.${kind}`)}
						className="min-w-0"
						aside={over ? undefined : <Live query={`tag=board:${kind}`} after={seq} />}
					>
						{side.items.length === 0 ? (
							none(kind)
						) : (
							<PostLines caption={t(`sides.${kind}`)} posts={side.items} fits={board.fits} />
						)}
						<Pager
							path={path}
							query={{ ...filters, ...places, [at]: undefined }}
							next={next}
							first={places[at] === undefined}
							name={at}
							says={{ first: t("first"), next: t("further") }}
						/>
					</Section>
				))}
			</div>
			<SameByApi path={`/api/board${query.size > 0 ? `?${query}` : ""}`} />
		</>
	);

	/** Teaches what belongs here, where nothing is. */
	function none(kind: "need" | "offer") {
		if (narrowed)
			return <Empty next={<ButtonLink href={path}>{t("none.without")}</ButtonLink>}>{t("none.fits")}</Empty>;
		if (over) return <Empty>{t(`none.over.${kind}`)}</Empty>;
		return (
			<Empty next={<ButtonLink href={`/post?kind=${kind}`}>{t(`post.${kind}`)}</ButtonLink>}>
				<p>{t(`none.${kind}`)}</p>
				<p className="mt-2">{t(`none.example.${kind}`)}</p>
				<SameByApi client={clientLines(publicUrl, [example(kind, now)])} />
			</Empty>
		);
	}
}
