import { createHash } from "node:crypto";
import { openapi } from "../../lib/doors/openapi";
import type { Message, Payload } from "../../lib/log/message";
import { operations } from "../../lib/operations";
import { boardOf } from "../board";
import type { Goods, Market, Purchase, Speaker } from "../market";
import { planted, type Schema, textsOf } from "./canary";

const [HOUR, DAY] = [3_600_000, 86_400_000];

export const document = openapi(operations) as Schema & {
	paths: Record<string, Record<string, Schema>>;
	components: { schemas: Record<string, Schema> };
};
export const schemaOf = (operation: string) => document.components.schemas[operation.replace(/[:/]/g, ".")]!;

/** Operations that hold what an agent writes, and cannot hold a canary: each with why. */
const NOT_SOWN: Record<string, string> = {
	"agent:link": "its proof is an event that another network's key has signed, whose every word is given",
};

/** Every operation in which somebody else than the exchange may write what it likes. */
export const WRITTEN = operations.operations
	.filter(({ by, name }) => by.some((sender) => sender !== "exchange") && !NOT_SOWN[name])
	.filter(({ name }) => textsOf(schemaOf(name)).length > 0)
	.map(({ name }) => name);

export type Sown = Awaited<ReturnType<typeof sown>>;

/**
 * A week at the market in which everybody writes nothing but canaries, wherever they may: what the exchange shows of it, to whom,
 * is another question. An operation that this story does not know is said to whatever it may answer, by whoever may.
 */
export async function sown(market: Market) {
	const board = boardOf(market);
	board.monday();
	const said: { operation: string; message: Message }[] = [];
	const planting = (who: Speaker): Speaker => ({
		...who,
		says(operation, payload = {}, how) {
			const message = who.says(operation, planted(who.key, operation, schemaOf(operation), payload), how);
			said.push({ operation, message });
			return message;
		},
	});
	const agent = () => planting(market.agent());
	const [house, seller, author, responder] = [planting(market.operator), agent(), agent(), agent()];
	const buyer = planting(await market.minted(50_000));
	const on = (antecedent: string) => ({ antecedent });
	const say = async (who: Speaker, operation: string, payload: Payload = {}, antecedent?: string) =>
		(await market.said(who.says(operation, payload, antecedent === undefined ? {} : on(antecedent)))).id;

	for (const who of [house, seller, author, responder, buyer]) await say(who, "agent:profile");

	// The exchange
	const put = async (bytes: number): Promise<Goods> => {
		const content = `${market.now()} ${"goods that were paid for, in words. ".repeat(100)}`.slice(0, bytes);
		const what = { content, token_cost: 1_000, content_type: "summary", domains: ["go"] };
		const message = seller.says("exchange:put", what);
		const { id } = await market.said(message);
		const content_hash = `sha256:${createHash("sha256").update(content).digest("hex")}`;
		const { description } = message.payload;
		return { ...what, description, id, seller, content_hash, tokens: Math.ceil(bytes / 4) } as Goods;
	};
	const stocked = async (bytes = 800) => {
		const goods = await put(bytes);
		await market.said(market.acceptance(goods, {}, house));
		return goods;
	};
	const settles = (who: Speaker, phase: string, { id }: Goods, antecedent: string, more: Payload = {}) =>
		say(who, `exchange:settle/${phase}`, { entry_id: id, ...more }, antecedent);
	const next = ({ goods, deliver }: Purchase, phase: string, more: Payload = {}) =>
		settles(buyer, phase, goods, deliver, more);

	await put(900);
	const refused = await put(700);
	await settles(house, "put-reject", refused, refused.id, { code: "other" });
	const [small, large] = [await stocked(), await stocked(2_800)];
	const bought = await market.bought(small, buyer);
	await next(bought, "complete");
	await next(await market.bought(await stocked(), buyer), "small-content-dispute", { auto_refund: true });
	for (const ruled of [true, false]) {
		const purchase = await market.bought(await stocked(), buyer);
		const dispute = await next(purchase, "dispute", { dispute_type: "stale_content" });
		await settles(seller, "evidence", purchase.goods, dispute);
		if (ruled) await settles(house, "verdict", purchase.goods, dispute, { verdict: "declined" });
	}
	await market.bought(large, buyer);
	const quote = await market.quoted(buyer, [large]);
	await settles(buyer, "buyer-reject", large, quote.match);
	const unmet = await say(buyer, "exchange:buy", { task: "", budget: 10 });
	await market.said(market.exchange.says("exchange:match", { results: [] }, on(unmet)));

	// The board
	const offer = await board.posted(agent(), "offer");
	const need = await board.posted(author);
	await say(author, "board:revise", { kind: "need", ...board.terms() }, need);
	const declined = await say(agent(), "board:respond", {}, need);
	await say(author, "board:decline", {}, declined);
	await say(responder, "board:respond", { budget: { cap: "90", unit: "" } }, need);
	const withdrawn = agent();
	await say(withdrawn, "board:withdraw", {}, await board.posted(withdrawn));
	const shown = "what the receipt is of";
	const hash = `sha256:${createHash("sha256").update(shown).digest("hex")}`;
	const receipts = [
		{ kind: "hash", value: hash },
		...["log", "test-result", "link", "confirmation"].map((kind) => ({ kind, value: "" })),
	];
	const payer = planting(await market.minted(1_000));
	const deal = await board.agreed(payer, responder);
	await say(payer, "board:pay", { amount: 5 }, deal.agree);
	const close = await say(deal.responder, "board:close", { outcome: "done", receipts }, deal.agree);
	await say(deal.responder, "board:reveal", { index: 0, content: shown }, close);
	await say(payer, "board:confirm", {}, close);
	for (const ruled of [true, false]) {
		const contested = await board.agreed(agent(), agent());
		const one = await market.said(board.closes(contested.author, contested.agree, { receipts }));
		const contest = await say(contested.responder, "board:contest", {}, one.id);
		if (!ruled) continue;
		const verdict = await say(house, "operator:verdict", { verdict: "declined" }, contest);
		await say(contested.responder, "board:appeal", {}, verdict);
	}

	// The house
	await say(house, "scrip:mint", { recipient: seller.key, amount: 5 });
	await say(house, "scrip:burn", { amount: 5 });
	const otherHand = agent();
	await say(house, "operator:grant", { subject: otherHand.key, role: "operator" });
	const much = await say(house, "scrip:mint", { recipient: seller.key, amount: 50_001 });
	await say(otherHand, "operator:second", {}, much);
	const role = { subject: responder.key, role: "vouched" };
	await say(house, "operator:grant", role);
	await say(house, "operator:revoke", role);
	await say(house, "operator:configure", { changes: { "exchange.quote_minutes": 61 } });
	const flag = await say(buyer, "board:flag", { reason: "spam" }, offer);
	await say(seller, "board:flag", { reason: "other" }, need);
	const [shunned, hidden] = [agent(), agent()];
	const suspension = await say(house, "operator:suspend", { subject: shunned.key });
	await say(shunned, "board:appeal", {}, suspension);
	await say(house, "operator:reinstate", { subject: shunned.key });
	const seen = await board.posted(hidden);
	await say(house, "operator:hide", { scope: "listing", at_fault: true }, seen);
	await say(house, "operator:restore", { scope: "listing", at_fault: false }, seen);

	// What its window must have passed for.
	const absent = await board.agreed(agent(), responder);
	market.later(DAY + HOUR);
	await say(absent.author, "board:no-show", {}, absent.agree);
	await board.posted(agent(), "need");

	const sayable = new Set(said.map(({ operation }) => operation));
	for (const name of WRITTEN.filter((name) => !sayable.has(name))) await saidAnyhow(name);

	return {
		said,
		people: { house, seller, author, responder, buyer },
		examples: { entry: large.id, post: need, buy: quote.buy, deliver: bought.deliver, key: seller.key, flag },
	};

	/** By whoever may, to whatever it may answer, with the least that its schema asks for. */
	async function saidAnyhow(name: string): Promise<void> {
		const payload = least(schemaOf(name), seller.key) as Payload;
		const refusals = new Set<string>();
		for (const names of operations.get(name)!.antecedents)
			for (const antecedents of combined(names.map((one) => idsOf(one))))
				for (const who of [house, seller, author, responder, buyer, agent()]) {
					const answer = await market.post(who.says(name, payload, { antecedents }));
					if (answer.status === 201) return;
					refusals.add(`${(await answer.json()).code}`);
				}
		throw new Error(`Say ${name} here: nobody may by himself (${[...refusals].join(", ")})`);
	}

	function idsOf(operation: string): string[] {
		return said
			.filter((one) => operation === "*" || one.operation === operation)
			.map(({ message }) => message.id);
	}
}

function combined(lists: string[][]): string[][] {
	return lists.reduce<string[][]>((all, list) => all.flatMap((ids) => list.map((id) => [...ids, id])), [[]]);
}

/** The least that a schema takes; where it takes a key, this one. */
function least(schema: Schema, key: string): unknown {
	const {
		type,
		enum: values,
		const: only,
		anyOf,
		oneOf,
		pattern,
		minimum,
		properties = {},
		required = [],
	} = schema;
	if (only !== undefined) return only;
	if (values) return (values as unknown[])[0];
	if (anyOf ?? oneOf) return least(((anyOf ?? oneOf) as Schema[])[0]!, key);
	switch (type) {
		case "object":
			return Object.fromEntries(required.map((name) => [name, least(properties[name]!, key)]));
		case "array":
			return Array.from({ length: Number(schema.minItems ?? 0) }, () => least(schema.items!, key));
		case "integer":
		case "number":
			return Math.max(1, Number(minimum ?? 1));
		case "boolean":
			return true;
		default:
			return pattern?.toString().includes("64") ? key : "a word";
	}
}
