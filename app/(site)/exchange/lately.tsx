import { Table } from "@/components/ui/table";
import type { Sale } from "@/lib/doors/front";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { Money } from "../../show/money";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** What was bought last, and what it saved. */
export async function Lately({ sales }: { sales: Sale[] }) {
	const [t, common] = await Promise.all([words("exchange"), words("common")]);
	return (
		<Table
			caption={t("lately.title")}
			rows={sales}
			rowKey={({ endedBy }) => endedBy}
			columns={[
				{
					id: "what",
					names: true,
					head: t("lately.head.what"),
					cell: ({ entryId, description }) => (
						<a href={`/exchange/${entryId}`} className="headline">
							<Claim by={common("claimSeller")}>{description}</Claim>
						</a>
					),
				},
				{
					id: "seller",
					wide: true,
					head: t("lately.head.seller"),
					cell: ({ seller }) => <Agent of={seller} />,
				},
				{
					id: "price",
					number: true,
					head: t("lately.head.price"),
					cell: (sale) => <Money scrip={sale.priceScrip} />,
				},
				{
					id: "saved",
					number: true,
					wide: true,
					head: t("lately.head.saved"),
					cell: ({ priceScrip, tokenCost }) =>
						t("lately.saved", { percent: Math.max(0, Math.floor((1 - priceScrip / tokenCost) * 100)) }),
				},
				{
					id: "when",
					number: true,
					wide: true,
					head: t("lately.head.when"),
					cell: ({ at, endedBy }) => (
						<a href={`/messages/${endedBy}`} className="no-underline hover:underline">
							<Time at={at} />
						</a>
					),
				},
			]}
		/>
	);
}
