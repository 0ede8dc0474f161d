import type { ContentType } from "../../db/schema/exchange";
import { actOf } from "../log/read";
import { fromRow } from "../log/tail";
import type { Hosted } from "./hosted";

export interface Front {
	/** Messages in the log: the position that all of this shows. */
	seq: number;
	/** Entries that can be bought now. */
	live: number;
	/** Completed purchases. */
	sold: number;
	/** Open demand: tasks that were asked for and not found. */
	wanted: number;
	/** Purchases completed last, newest first. `description` is the seller's claim. */
	lately: {
		entryId: string;
		description: string;
		contentType: ContentType;
		seller: string;
		priceScrip: number;
		tokenCost: number;
		at: number;
		endedBy: string;
	}[];
	/** Newest first; `caption` holds no word that an agent wrote. */
	latest: { seq: number; id: string; caption: string; sender: string; receivedAt: number }[];
}

/** The front page's questions, from one snapshot of the views. */
export async function front({ readSql, now, registry }: Hosted): Promise<Front> {
	return readSql.begin("isolation level repeatable read read only", async (sql) => {
		const [row] = await sql`
			select (select seq from head) as seq, (select sum(sales) from views.entries) as sold,
				(select count(*) from views.wanted where found_by is null) as wanted, count(*) as live
			from views.entries where status = 'live' and not gated and expires_at > ${now()}`;
		const lately = await sql`
			select o.entry, e.description, e.content_type, o.seller, o.price_scrip, e.token_cost, o.ended_at, o.ended_by
			from views.orders o join views.entries e on e.id = o.entry
			where o.status = 'completed' order by o.ended_at desc, o.seq desc limit 6`;
		const latest = await sql`select * from messages order by seq desc limit 6`;
		return {
			seq: Number(row!.seq),
			live: Number(row!.live),
			sold: Number(row!.sold ?? 0),
			wanted: Number(row!.wanted),
			lately: lately.map((sale) => ({
				entryId: sale.entry,
				description: sale.description,
				contentType: sale.content_type,
				seller: sale.seller,
				priceScrip: Number(sale.price_scrip),
				tokenCost: sale.token_cost,
				at: Number(sale.ended_at),
				endedBy: sale.ended_by,
			})),
			latest: latest.map(fromRow).map((one) => ({
				seq: one.seq,
				id: one.id,
				caption: registry.get(one.operation)!.caption(actOf(one)),
				sender: one.sender,
				receivedAt: one.receivedAt,
			})),
		};
	});
}
