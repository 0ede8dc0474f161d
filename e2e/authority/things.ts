import { createHash, randomBytes } from "node:crypto";
import { keep } from "../../lib/doors/rails/drafts";
import type { Message, Payload } from "../../lib/log/message";
import { sign, signedBytes } from "../../lib/log/sign";
import { boardOf } from "../board";
import type { Goods, Market, Speaker } from "../market";

export type Things = Awaited<ReturnType<typeof things>>;

/** Everything that one agent writes and the house then hides, each by a word that stands in it and nowhere else. */
const HIDDEN = {
	"the hidden profile": "quinceword",
	"the hidden put": "oleanderword",
	"the hidden buy": "peppermintword",
	"the hidden post": "hazelword",
	"the hidden answer": "juniperword",
	"the hidden close": "larkspurword",
	"the hidden flag": "marjoramword",
	"the hidden appeal": "nutmegword",
} as const;
type Hidden = keyof typeof HIDDEN;

/** What is not for everybody. */
export type Words = "the goods" | "their preview" | "the buyer's purses" | "the draft" | Hidden;

const DRAFT = "what was written elsewhere";

/**
 * A week at the market, of which some is not for everybody: goods that were sold after a preview, a deal that was closed, drafts from
 * elsewhere, and one of everything that agents write, hidden by the house.
 */
export async function things(market: Market) {
	const { house, operator, exchange } = market;
	const board = boardOf(market);
	board.monday();
	const say = async (who: Speaker, operation: string, payload: Payload = {}, antecedent?: string) =>
		(await market.said(who.says(operation, payload, antecedent === undefined ? {} : { antecedent }))).id;
	const [seller, sellersOther, author] = [market.agent(), market.agent(), market.agent()];
	const [buyer, unheard] = [await market.minted(2_000), await market.minted(500)];

	// ---- Goods, sold after a preview by one of two that have one owner
	await say(seller, "agent:profile", { operator_id: "the-sellers" });
	const joins = signedBytes("operator", house.key, "the-sellers", sellersOther.key);
	const operator_proof = sign(seller.secret, joins);
	await say(sellersOther, "agent:profile", { operator_id: "the-sellers", operator_proof });
	// So that no part of them looks like another.
	const lines = Array.from({ length: 40 }, (_, n) => `${n}: ${hashOf(`line ${n}`)}`);
	const goods = await shelved(seller, "How it is sold", lines.join("\n"));
	const bought = await market.bought(goods, buyer);
	const accept = await messageOf(bought.accept);
	const [order] = (await messageOf(bought.match)).antecedents as [string];

	// ---- What one agent says, and the house hides
	const shelf = await shelved(unheard, HIDDEN["the hidden put"], "How it is done. ".repeat(10));
	const { buy: offered } = await market.quoted(buyer, [shelf]);
	const wish = await say(unheard, "exchange:buy", { task: HIDDEN["the hidden buy"], budget: 100 });
	await say(exchange, "exchange:match", { results: [] }, wish);
	const { agree, post: closed } = await board.agreed(author, unheard);
	const built = "What was built.";
	const receipts = [{ kind: "hash", value: hashOf(built) }];
	const summary = HIDDEN["the hidden close"];
	const close = await say(unheard, "board:close", { outcome: "done", summary, receipts }, agree);
	const asked = await board.posted(market.agent(), "offer");
	const { "the hidden profile": own, "the hidden post": need } = HIDDEN;
	const said: Record<Hidden, string> = {
		"the hidden profile": await say(unheard, "agent:profile", {
			...{ name: own, about: own, contact: own, links: [own], capabilities: [own] },
		}),
		"the hidden put": shelf.id,
		"the hidden buy": wish,
		"the hidden post": await board.posted(unheard, "need", {
			...{ title: need, region: need, contact: need, success_condition: need },
		}),
		"the hidden answer": await say(unheard, "board:respond", { message: HIDDEN["the hidden answer"] }, asked),
		"the hidden close": close,
		"the hidden flag": await say(
			unheard,
			"board:flag",
			{ reason: "spam", note: HIDDEN["the hidden flag"] },
			goods.id,
		),
		"the hidden appeal": await say(
			unheard,
			"board:appeal",
			{ text: HIDDEN["the hidden appeal"] },
			await hides(close),
		),
	};
	for (const target of Object.values(said)) if (target !== close) await hides(target);
	const reveal = await say(unheard, "board:reveal", { index: 0, content: built }, close);
	const drafted = market.agent();
	await draft();

	return {
		accept,
		draft,
		agents: {
			"the seller": seller,
			"an agent of the seller's owner": sellersOther,
			"the buyer": buyer,
			"the author": author,
			"who was hidden": unheard,
			"the draft's owner": drafted,
		},
		/** What rows name, by its id. */
		ids: {
			...said,
			"the put": goods.id,
			"the delivery": bought.deliver,
			"the preview": accept.antecedents[0]!,
			"the accept": accept.id,
			"the order": order,
			"the order that was offered the hidden put": offered,
			"the post that was closed": closed,
			"the post that was answered": asked,
			"the reveal": reveal,
			"the seller": seller.key,
			"the buyer": buyer.key,
			"the author": author.key,
			"who was hidden": unheard.key,
		} as Record<string, string>,
		/** What an answer holds that holds these words. */
		words: {
			...HIDDEN,
			"the goods": goods.content.slice(-60),
			"their preview": goods.content.slice(0, 60),
			"the buyer's purses": new RegExp(`"owner":"${buyer.key}","purse":"hot","before"|"purses":{"hot"`),
			"the draft": DRAFT,
		} satisfies Record<Words, string | RegExp>,
	};

	/** One more draft for its owner, as a rail brings it: its id. */
	async function draft(): Promise<string> {
		const [id, account] = [randomBytes(32).toString("hex"), randomBytes(32).toString("hex")];
		const [owner, postId, at] = [drafted.key, said["the hidden post"], market.now()];
		await keep(house.sql, { id, owner, account, postId, words: DRAFT, acting: undefined, at }, at);
		return id;
	}

	function hides(target: string): Promise<string> {
		const how = { scope: "payload", at_fault: true, reason: "Seen by the house." };
		return say(operator, "operator:hide", how, target);
	}

	async function shelved(by: Speaker, description: string, content: string): Promise<Goods> {
		const what = { description, content, token_cost: 1_000, content_type: "code" };
		const id = await say(by, "exchange:put", what);
		const tokens = Math.ceil(content.length / 4);
		const shelved = { ...what, id, seller: by, content_hash: hashOf(content), tokens };
		await market.said(market.acceptance(shelved));
		return shelved;
	}

	/** The seven fields of what is in the log. */
	async function messageOf(id: string): Promise<Message> {
		const recorded = await (await market.ask(`/api/messages/${id}`)).json();
		const { sender, tags, payload, antecedents, timestamp, signature } = recorded;
		return { id, sender, tags, payload, antecedents, timestamp, signature };
	}
}

const hashOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
