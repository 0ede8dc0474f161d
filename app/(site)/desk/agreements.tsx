import { ButtonLink } from "@/components/ui/button";
import { Chip, Empty, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import type { DealView } from "@/lib/board/deals";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { Pager } from "../../show/pager";
import { Time } from "../../show/time";
import { words } from "../../viewing";
import { type List, PAGE } from "./list";

/** What the reader has agreed on with others, on either side, and what it waits for. */
export async function Agreements({ of: key, before, others }: List) {
	const [{ house, questions }, t, post, deal, common] = await Promise.all([
		opened(),
		words("desk"),
		words("post"),
		words("deal"),
		words("common"),
	]);
	const { found } = await questions.deals(key, before, PAGE);
	return (
		<Section id="agreements" title={t("agreements.title")}>
			{found.items.length === 0 ? (
				<Empty next={<ButtonLink href="/board">{t("agreements.board")}</ButtonLink>}>
					{t("agreements.none")}
				</Empty>
			) : (
				<Table
					caption={t("agreements.title")}
					rows={found.items}
					rowKey={({ agreement_id }) => agreement_id}
					columns={[
						{
							id: "what",
							names: true,
							head: t("agreements.head.what"),
							cell: (one) => (
								<>
									<a href={`/posts/${one.post_id}#agreement`} className="headline">
										{one.about === "" ? (
											t("posts.hiddenWords")
										) : (
											<Claim by={common("claimAuthor")}>{one.about}</Claim>
										)}
									</a>
									<span className="under">
										<span>{post(`states.${one.status}`)}</span>
										{one.outcome !== null && <span>{deal(`close.outcomes.${one.outcome}`)}</span>}
										<Agent of={one.with} />
									</span>
									<span className="block text-quiet text-sm">
										<Next of={one} now={house.now()} />
									</span>
								</>
							),
						},
						{
							id: "at",
							number: true,
							wide: true,
							head: t("agreements.head.at"),
							cell: ({ at }) => <Time at={at} form="day" />,
						},
					]}
				/>
			)}
			<Pager
				path="/desk"
				name="agreements"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);
}

/** Whose turn it is in an agreement, and until when. */
async function Next({ of: deal, now }: { of: DealView; now: number }) {
	const t = await words("desk");
	const { status, own_part, closure_due_at, lapses_at, confirm_by, rule_by, ended_at } = deal;
	switch (status) {
		case "agreed": {
			const late = now >= Date.parse(closure_due_at);
			const when = () => <Time at={late ? lapses_at : closure_due_at} />;
			if (own_part !== null) return t.rich("agreements.next.theirs", { when });
			if (!late) return t.rich("agreements.next.yours", { when });
			return (
				<>
					<Chip tone="risk">{t("agreements.owed")}</Chip> {t.rich("agreements.next.owed", { when })}
				</>
			);
		}
		case "closed":
			return t.rich(own_part === "closed" ? "agreements.next.confirmed" : "agreements.next.confirm", {
				when: () => <Time at={confirm_by!} />,
			});
		case "contested":
			return t.rich("agreements.next.contested", { when: () => <Time at={rule_by!} /> });
		default:
			return t.rich("agreements.next.over", { when: () => <Time at={ended_at!} form="day" /> });
	}
}
