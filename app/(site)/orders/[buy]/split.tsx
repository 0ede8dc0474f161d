import type { Purchase, Said } from "@/lib/doors/order-questions";
import { Time } from "../../../show/time";
import { formats, words } from "../../../viewing";

type Settlement = NonNullable<Purchase["order"]["orders"][number]["settlement"]>;

const PARTS = ["earn_out", "residual", "maintenance", "burn", "treasury"] as const;
const MICRO = 1_000_000;

/** How a purchase ended: where its price went, in words and numbers, with the message that says so. */
export async function Split({
	settlement,
	priceScrip,
	by,
}: {
	settlement: Settlement;
	priceScrip: number;
	by: Said;
}) {
	const [t, format] = await Promise.all([words("order"), formats()]);
	const parts = PARTS.map((part) => ({ part, micro: settlement[part] })).filter(({ micro }) => micro > 0);
	const how = t(`split.how.${settlement.how as "complete"}`, { price: format.number(priceScrip) });
	const settled = (
		<>
			<a href={`/messages/${by.id}`}>#{by.seq}</a>, <Time at={by.at} />
		</>
	);
	if (parts.length === 0)
		return (
			<p>
				{how}{" "}
				<span className="text-quiet text-sm">
					{t("split.message")} {settled}
				</span>
			</p>
		);
	return (
		<section className="max-w-text">
			<h4 className="font-medium">{t("split.title")}</h4>
			<table className="mt-1 w-full border-collapse text-left text-sm">
				<caption className="pb-1 text-left text-quiet">{how}</caption>
				<thead className="sr-only">
					<tr>
						<th scope="col">{t("split.scrip")}</th>
						<th scope="col">{t("split.part")}</th>
						<th scope="col">{t("split.share")}</th>
					</tr>
				</thead>
				<tbody className="divide-y divide-line border-line border-y">
					{parts.map(({ part, micro }) => (
						<tr key={part}>
							<td className="whitespace-nowrap py-1 pr-4 text-right align-baseline">
								{format.number(micro / MICRO, { maximumFractionDigits: 6 })}
							</td>
							<th scope="row" className="py-1 pr-4 text-left font-normal">
								{t(`split.parts.${part}`)}
							</th>
							<td className="py-1 text-right align-baseline text-quiet">
								{format.number(micro / MICRO / priceScrip, {
									style: "percent",
									maximumFractionDigits: 1,
								})}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<p className="mt-1 text-quiet text-sm">
				{t("split.message")} {settled}
			</p>
		</section>
	);
}
