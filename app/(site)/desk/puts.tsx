import { ButtonLink } from "@/components/ui/button";
import { Chip, Empty, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { visible } from "@/components/ui/visible";
import type { PutView } from "@/lib/doors/desk-questions";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { Money } from "../../show/money";
import { Pager } from "../../show/pager";
import { Time } from "../../show/time";
import { words } from "../../viewing";
import { type List, PAGE } from "./list";

/** What the reader put up for sale: its state, what it brought so far, and what comes next. */
export async function Puts({ of: key, before, others }: List) {
	const [{ questions }, t, exchange] = await Promise.all([opened(), words("desk"), words("exchange")]);
	const { found } = await questions.puts(key, before, PAGE);
	return (
		<Section id="puts" title={t("puts.title")}>
			{found.items.length === 0 ? (
				<Empty next={<ButtonLink href="/sell">{t("sell")}</ButtonLink>}>{t("puts.none")}</Empty>
			) : (
				<Table
					caption={t("puts.title")}
					rows={found.items}
					rowKey={({ entry_id }) => entry_id}
					columns={[
						{
							id: "answer",
							names: true,
							head: t("puts.head.answer"),
							cell: (put) => (
								<>
									<a href={`/exchange/${put.entry_id}`} dir="auto" className="headline">
										{visible(put.description)}
									</a>
									<span className="under">
										<span>{exchange(`entry.states.${put.status}`)}</span>
										{put.gated && <Chip tone="risk">{exchange("gated")}</Chip>}
										{put.accepted_at !== null && <span>{t("puts.sold", { sales: put.sales })}</span>}
									</span>
									<span className="block text-quiet text-sm">
										{t("puts.head.next")}: <Next put={put} />
									</span>
								</>
							),
						},
						{
							id: "advance",
							number: true,
							wide: true,
							head: t("puts.head.advance"),
							cell: ({ advance }) => (advance === 0 ? "–" : <Money micro={advance} />),
						},
						{
							id: "earned",
							number: true,
							head: t("puts.head.earned"),
							cell: ({ earned }) => (earned === 0 ? "–" : <Money micro={earned} />),
						},
					]}
				/>
			)}
			<Pager
				path="/desk"
				name="puts"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);
}

/** What is still to come of a put. */
async function Next({ put }: { put: PutView }) {
	const t = await words("desk");
	const when = () => <Time at={put.review_by!} />;
	switch (put.status) {
		case "pending":
			return t.rich(put.held_for === null ? "puts.next.pending" : "puts.next.held", { when });
		case "live": {
			if (put.gated) return t("puts.next.gated");
			const brings =
				put.copy_of !== null
					? t("puts.next.copy")
					: put.rest > 0
						? t.rich("puts.next.rest", { rest: () => <Money micro={put.rest} /> })
						: t("puts.next.residual");
			return (
				<>
					{brings}, {t.rich("puts.expires", { when: () => <Time at={put.expires_at!} form="day" /> })}
				</>
			);
		}
		default:
			return t(`puts.next.${put.status}`);
	}
}
