import type { ContentType } from "../../db/schema/exchange";
import { unlisted } from "../exchange/read";
import type { Hosted } from "./hosted";

export interface Front {
	/** Entries that can be bought now. */
	live: number;
	/** Completed purchases. */
	sold: number;
	/** Open demand: tasks that were asked for and not found. */
	wanted: number;
}

/** A purchase that was completed. `description` is the seller's claim. */
export interface Sale {
	entryId: string;
	description: string;
	contentType: ContentType;
	seller: string;
	priceScrip: number;
	tokenCost: number;
	at: number;
	endedBy: string;
}

/** What the front page says of the exchange. */
export async function front(house: Hosted): Promise<Front> {
	const [row] = await house.readSql`
		select (select sum(sales) from views.entries) as sold,
			(select count(*) from views.wanted where found_by is null) as wanted, count(*) as live
		from views.entries where status = 'live' and not gated and expires_at > ${house.now()}`;
	return { live: Number(row!.live), sold: Number(row!.sold ?? 0), wanted: Number(row!.wanted) };
}

/** Purchases completed last, newest first. */
export async function soldLately(house: Hosted): Promise<Sale[]> {
	const rows = await house.readSql`
		select o.entry, e.description, e.content_type, o.seller, o.price_scrip, e.token_cost, o.ended_at, o.ended_by
		from views.orders o join views.entries e on e.id = o.entry
		where o.status = 'completed' and not ${unlisted(house.readSql, house.readSql`e.id`, house.now())}
		order by o.ended_at desc, o.seq desc limit 6`;
	return rows.map((sale) => ({
		entryId: sale.entry,
		description: sale.description,
		contentType: sale.content_type,
		seller: sale.seller,
		priceScrip: Number(sale.price_scrip),
		tokenCost: sale.token_cost,
		at: Number(sale.ended_at),
		endedBy: sale.ended_by,
	}));
}
