import { ButtonLink } from "@/components/ui/button";
import { Empty, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { visible } from "@/components/ui/visible";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import type { OrderView } from "@/lib/exchange/read";
import { Money } from "../../show/money";
import { Pager } from "../../show/pager";
import { Time } from "../../show/time";
import { words } from "../../viewing";
import { type List, PAGE } from "./list";

/** What the reader asked for, and what came of it. */
export async function Orders({ of: key, before, others }: List) {
	const [{ questions }, t, states] = await Promise.all([opened(), words("desk"), words("order")]);
	const { found } = await questions.orders(key, before, PAGE);
	return (
		<Section id="orders" title={t("orders.title")}>
			{found.items.length === 0 ? (
				<Empty next={<ButtonLink href="/buy">{t("orders.ask")}</ButtonLink>}>{t("orders.none")}</Empty>
			) : (
				<Table
					caption={t("orders.title")}
					rows={found.items}
					rowKey={({ buy_id }) => buy_id}
					columns={[
						{
							id: "task",
							names: true,
							head: t("orders.head.task"),
							cell: ({ buy_id, task, status, at }) => (
								<>
									<a href={`/orders/${buy_id}`} dir="auto" className="headline">
										{visible(task) || t("posts.hiddenWords")}
									</a>
									<span className="under">
										<span>{states(`statuses.${status as "open"}`)}</span>
										<Time at={at} />
									</span>
								</>
							),
						},
						{
							id: "paid",
							number: true,
							head: t("orders.head.paid"),
							cell: (order) => {
								const paid = paidOf(order);
								return paid === undefined ? "–" : <Money scrip={paid} />;
							},
						},
					]}
				/>
			)}
			<Pager
				path="/desk"
				name="orders"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);
}

/** What stands reserved or was paid; nothing of what was given back. */
function paidOf({ orders }: OrderView): number | undefined {
	const standing = orders.filter(({ status }) => status !== "refunded");
	return standing.length === 0 ? undefined : standing.reduce((sum, { price }) => sum + price, 0);
}
