import { readsAll } from "../agents/owner";
import { ask } from "../log/ask";
import { heard } from "../log/machine";
import { attach, detachedIn } from "../log/message";
import { actOf, bodyOf, wire, withheldWire } from "../log/read";
import type { Submitted } from "../log/submit";
import type { Recorded } from "../log/tail";
import type { House } from "./house";

/** Bytes of content attached in one answer; what would be more stays detached and can be read by itself. */
const MAX_ATTACHED_BYTES = 8 * 1024 * 1024;

/**
 * Messages as this reader may see them: content attached where a session's key is entitled to it, detached for
 * everybody else (OPERATIONS, "Who gets content attached"). `attached`: some is; `personal`: something stands in
 * them that is not for everybody, and so must not be cached. The operation's own file says who may read; a house operator counts as the exchange's hand, an auditor as its eye.
 * They alone read on what the house has hidden.
 */
export async function show(
	house: House,
	reader: string | undefined,
	recorded: Recorded[],
): Promise<{ messages: string[]; attached: boolean; personal: boolean }> {
	const hidden = recorded.some(({ id }) => house.withheld.by(id));
	const withContent = recorded.filter(({ body }) => body.includes('"content":{'));
	if (withContent.length === 0 && !hidden)
		return { messages: recorded.map((one) => wire(one)), attached: false, personal: false };
	const { answer } = await ask(house.sql, house.machine, (state) => {
		const sees = reader !== undefined && readsAll(state, reader);
		const entitled = withContent.map((one) => {
			const operation = house.registry.get(one.operation);
			const readers = operation?.readers?.(state, heard(state, operation, actOf(one)));
			const may =
				readers === "anybody" ||
				(readers !== undefined && reader !== undefined && (sees || readers.includes(reader)));
			return may && (sees || !house.withheld.by(one.id)) ? one.id : undefined;
		});
		return { sees, entitled: new Set(entitled) };
	});
	const { sees, entitled } = answer;
	const texts = await textsOf(
		house,
		withContent.filter(({ id }) => entitled.has(id)),
	);
	return {
		messages: recorded.map((one) => {
			if (!entitled.has(one.id)) return sees ? wire(one) : plain(house, one);
			return wire(one, JSON.stringify(attach(bodyOf(one), (sha256) => texts.get(sha256))));
		}),
		attached: texts.size > 0,
		personal: texts.size > 0 || (sees && hidden),
	};
}

/** A message as anybody may see it: content detached, and without its words where the house has hidden them. */
export function plain({ withheld }: Pick<House, "withheld">, recorded: Recorded): string {
	const by = withheld.by(recorded.id);
	return by ? withheldWire(recorded, by) : wire(recorded);
}

/** The body of a 201, or of the 200 that repeats it. */
export async function sent(
	house: House,
	reader: string | undefined,
	{ message, replies }: Submitted,
): Promise<string> {
	const shown = await show(house, reader, replies);
	const { id, seq, receivedAt } = message;
	return `{"message":{"id":"${id}","seq":${seq},"received_at":"${new Date(receivedAt).toISOString()}"},"replies":[${shown.messages.join(",")}]}`;
}

async function textsOf(house: House, recorded: Recorded[]): Promise<Map<string, string>> {
	const hashes = new Set<string>();
	let bytes = 0;
	for (const one of recorded)
		for (const detached of detachedIn(bodyOf(one).payload)) {
			if (bytes + detached.bytes > MAX_ATTACHED_BYTES && !hashes.has(detached.sha256)) continue;
			bytes += detached.bytes;
			hashes.add(detached.sha256);
		}
	if (hashes.size === 0) return new Map();
	const rows = await house.sql`select sha256, body from contents where sha256 in ${house.sql([...hashes])}`;
	return new Map(rows.map(({ sha256, body }) => [sha256, body]));
}
