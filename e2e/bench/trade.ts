import { compose, type Key } from "../../lib/client/compose";
import type { Message, Payload } from "../../lib/log/message";
import { crowd, profiles, puts, words } from "./crowd";
import type { House } from "./housed";

/** What the exchange answered: the message taken, and the replies it waited for, in the wire's form. */
export interface Sent {
	message: { id: string; seq: number };
	replies: { id: string; tags: string[]; payload: Payload }[];
}

/** Makes about `messages` of a market's log through the door: profiles, puts and their rulings, whole trades. Counts by operation. */
export async function trade(house: House, messages: number): Promise<Record<string, number>> {
	const name = `trade ${house.key.slice(0, 8)}`;
	await sendAll(house, profiles(house.key, Math.ceil(messages * 0.3)));
	const stock = puts(house.key, Math.ceil(messages * 0.2), name);
	await sendAll(house, stock);
	await ruled(house);

	// A buyer may buy 30 times a minute, and a house operator mint 120 times.
	const trades = Math.ceil(messages * 0.06);
	const buyers = await rich(house, crowd(Math.ceil(trades / 28)));
	let next = 0;
	const traders = Array.from({ length: 16 }, async () => {
		while (next < trades) {
			const at = next++;
			await buyOne(house, buyers[at % buyers.length]!, words(`subject ${name} ${at % stock.length}`, 8));
		}
	});
	await Promise.all(traders);
	const rows = await house.sql`select operation, count(*) from messages group by operation`;
	return Object.fromEntries(rows.map(({ operation, count }) => [operation as string, Number(count)]));
}

/** Buy, match, accept, deliver, complete: small contents need no preview. */
async function buyOne(house: House, buyer: Key, task: string): Promise<void> {
	const says = (operation: string, payload: Payload, antecedent?: string) =>
		send(house, compose(buyer, house.key, operation, payload, { antecedent }));
	const {
		replies: [match],
	} = await says("exchange:buy", { task, budget: 1_000_000 });
	const [offered] = match!.payload.results as { entry_id: string }[];
	if (!offered)
		throw new Error(`nothing was found for ${task}: ${JSON.stringify(match!.payload.search_meta)}`);
	const { entry_id } = offered;
	const accepted = await says("exchange:settle/buyer-accept", { entry_id }, match!.id);
	const [delivered] = accepted.replies;
	await says("exchange:settle/complete", { entry_id, content_hash_verified: true }, delivered!.id);
}

/** Buyers with scrip to spend. */
export async function rich(house: House, buyers: Key[]): Promise<Key[]> {
	const alone = {
		changes: { "operator.second_above_scrip": 9_000_000_000 },
		reason: "One house operator mints it all.",
	};
	await sendAll(house, [compose(house.operator, house.key, "operator:configure", alone)]);
	await sendAll(
		house,
		buyers.map(({ key }) =>
			compose(house.operator, house.key, "scrip:mint", {
				recipient: key,
				amount: 4_000_000,
				reference: `for ${key}`,
			}),
		),
	);
	return buyers;
}

export async function send(house: House, message: Message): Promise<Sent> {
	const response = await fetch(`${house.url}/api/messages`, {
		method: "POST",
		headers: { "Content-Type": "application/json", Prefer: "wait=30" },
		body: JSON.stringify(message),
	});
	const body = await response.json();
	if (response.status !== 201) throw new Error(`${message.tags[0]}: ${JSON.stringify(body)}`);
	return body as Sent;
}

/** In batches, each taken whole. */
export async function sendAll(house: House, messages: Message[]): Promise<void> {
	for (let at = 0; at < messages.length; at += 500) {
		const response = await fetch(`${house.url}/api/messages`, {
			method: "POST",
			headers: { "Content-Type": "application/x-ndjson" },
			body: messages
				.slice(at, at + 500)
				.map((message) => JSON.stringify(message))
				.join("\n"),
		});
		const refused = (await response.text())
			.split("\n")
			.find((line) => line !== "" && !line.startsWith('{"status":201'));
		if (refused !== undefined) throw new Error(refused);
	}
}

/** Until the exchange has ruled on every put. */
export async function ruled(house: House): Promise<void> {
	for (;;) {
		const [open] =
			await house.sql`select count(*) from views.duties where kind = 'exchange:settle/put-accept'`;
		if (Number(open!.count) === 0) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
