import { describe, expect, test } from "vitest";
import { previewPlans } from "../../../../db/schema/exchange";
import { agent } from "../../../log/given";
import type { Act, Duty } from "../../../log/operation";
import { operations } from "../../../operations";
import { gateOf } from "../../gate";
import { about, goods, Market, minted, portsOf } from "../../given";
import type { Ports } from "../../ports";
import { fractionOf, previewPrice } from "../../rules/preview";
import { bought, completes, cut, offerOf, previewed, refused, settles } from "./given";
import { preview } from "./preview";

const [ada, bob, cyn] = [agent("ada"), agent("bob"), agent("cyn")];

interface Shown {
	preview_chunks: { content: { bytes: number; sha256: string }; position: number; length: number }[];
	base_price: number;
	purchase_price: number;
	price: number;
}

function asked() {
	const market = new Market().given(minted(bob, 900), minted(cyn, 900));
	const shell = market.stocked(ada, 90);
	const match = market.quoted(bob, shell);
	const request = market.said(settles(bob, "preview-request", shell, match));
	return { market, shell, match, request };
}

describe("preview", () => {
	test("shows pieces of the content itself, and takes exactly what they show off the price", () => {
		const { market, shell, match, request } = asked();
		const [shown] = market.meet("exchange:settle/preview", request, cut(market, shell))!;
		const payload = shown!.payload as unknown as Shown;
		const { contentHash, bytes } = market.entry(shell);
		const content = market.contents.get(contentHash.slice("sha256:".length))!;

		for (const chunk of payload.preview_chunks) {
			const text = market.contents.get(chunk.content.sha256)!;
			expect(content.slice(chunk.position, chunk.position + chunk.length)).toBe(text);
		}
		expect(payload.base_price).toBe(90);
		expect(payload.price).toBe(previewPrice(90, fractionOf(payload.preview_chunks, bytes)));
		expect(payload.purchase_price).toBe(payload.price);
		expect(payload.price).toBeLessThan(90);
		expect(offerOf(market, match, shell).previewPriceScrip).toBe(payload.price);
		expect(shown!.payload).toMatchObject({ content_hash: contentHash, content_type: "code" });
		market.sound();
	});

	test("is prepared outside the lock from the text, the known plan, or the exchange's own signature", async () => {
		const { market, shell, match, request } = asked();
		const prepare = operations.get("exchange:settle/preview")!.answer!.prepare as unknown as (
			duty: Duty,
			ports: Ports,
		) => Promise<ReturnType<typeof cut>>;
		const { contentHash, contentType } = market.entry(shell);
		const duty = { data: { entry: shell, contentHash, contentType } } as Duty;

		const unplanned = await prepare(duty, portsOf(market));
		expect(unplanned).toEqual(cut(market, shell));
		market.meet("exchange:settle/preview", request, unplanned);
		expect(offerOf(market, match, shell).previewId).not.toBeNull();
		const planned = await prepare(duty, {
			...portsOf(market),
			chunkBytes: () => new Uint8Array(64),
		});
		expect(planned).toEqual(unplanned);
	});

	test("shows the same pieces to every buyer, also of the same bytes put by somebody else as another type", () => {
		const { market, shell, match } = asked();
		const { content } = goods("worth 90");
		const other = market.stocked(cyn, 70, { content: content!, content_type: "analysis" });
		const ofFirst = previewed(market, bob, shell, market.quoted(bob, shell));
		market.meet("exchange:settle/preview", offerOf(market, match, shell).requestId!, cut(market, shell));
		const ofOther = previewed(market, bob, other, market.quoted(bob, other));

		const chunks = (id: string) =>
			(market.acts.find((act) => act.id === id)!.payload as unknown as Shown).preview_chunks;
		expect(chunks(ofOther)).toEqual(chunks(ofFirst));
		expect(chunks(offerOf(market, match, shell).previewId!)).toEqual(chunks(ofFirst));
		expect(market.state.get(previewPlans, market.entry(shell).contentHash)!.messageId).toBe(ofFirst);
	});

	test("keeps the plan that the exchange's put-accept made", () => {
		const market = new Market().given(minted(bob, 9_000));
		const shell = market.accepted(ada, goods("a long answer", { tokens: 800 }));
		const { messageId, chunks } = market.state.get(previewPlans, market.entry(shell).contentHash)!;
		const shown = previewed(market, bob, shell, market.quoted(bob, shell));

		expect(messageId).not.toBe(shown);
		expect(market.state.get(previewPlans, market.entry(shell).contentHash)).toMatchObject({
			messageId,
			chunks,
		});
	});

	test("is prepared anew when another preview fixed another plan in between", () => {
		const { market, shell, request } = asked();
		const late = cut(market, shell);
		previewed(market, cyn, shell, market.quoted(cyn, shell));
		const moved = { ...late, plan: late.plan.map((chunk) => ({ ...chunk, position: chunk.position + 1 })) };

		expect(market.meet("exchange:settle/preview", request, moved)).toBeUndefined();
		expect(market.meet("exchange:settle/preview", request, late)).toHaveLength(1);
	});

	test("is answered also after the quote has expired: what was asked in time is owed", () => {
		const { market, shell, request } = asked();
		market.now += 3_600_000;
		expect(market.meet("exchange:settle/preview", request, cut(market, shell))).toHaveLength(1);
	});

	test("is refused at a price, of an entry or with pieces that are not those of the offer", () => {
		const { market, shell, request } = asked();
		const table = market.stocked(ada, 50);
		const { contentHash } = market.entry(shell);
		const chunks = cut(market, shell).chunks;
		const price = previewPrice(90, fractionOf(chunks, market.entry(shell).bytes));
		const says = (entry: string, more: object = {}) => ({
			operation: "exchange:settle/preview",
			antecedents: [request],
			payload: {
				...about(entry, "preview"),
				preview_chunks: chunks,
				preview_chunk_count: chunks.length,
				content_type: "code",
				base_price: 90,
				purchase_price: price,
				price,
				content_hash: contentHash,
				...more,
			},
		});

		for (const forged of [
			{ base_price: 91 },
			{ purchase_price: price - 1, price: price - 1 },
			{ price: price + 1 },
			{ content_hash: `sha256:${"0".repeat(64)}` },
			{ content_type: "data" },
			{ preview_chunk_count: chunks.length - 1 },
			{ preview_chunks: [{ ...chunks[0]!, length: chunks[0]!.length + 1 }], preview_chunk_count: 1 },
		])
			expect(market.exchangeSays(says(shell, forged))).toMatchObject(refused("preview-wrong", 422));
		expect(market.exchangeSays(says(table))).toMatchObject(refused("entry-not-offered", 422));
		const first = market.exchangeSays(says(shell));
		expect(first.refused).toBeUndefined();
		expect(market.exchangeSays(says(shell))).toMatchObject(
			refused("already-previewed", 409, { see: first.id! }),
		);
		expect(market.exchangeSays(says(shell, { base_price: 91 }))).toMatchObject(refused("preview-wrong", 422));
		expect(
			market.when({ ...settles(bob, "preview", shell, request, says(shell).payload as never) }),
		).toMatchObject(refused("sender-not-allowed", 403));
	});

	test("has its pieces read by its buyer and the seller, and by no other agent", () => {
		const { market, shell, match } = asked();
		market.meet("exchange:settle/preview", offerOf(market, match, shell).requestId!, cut(market, shell));
		const shown = market.acts.at(-1) as Act<never>;

		expect(preview.readers!(market.state, shown)).toEqual([bob.key, ada.key]);
	});

	test("closes the entry to new matches when ten were shown and nobody bought, but not to who wants it", () => {
		const market = new Market();
		const shell = market.stocked(ada, 20);
		let last = { match: "", preview: "" };
		for (let n = 1; n <= 10; n++) {
			const buyer = agent(`curious ${n}`);
			market.given(minted(buyer, 100));
			expect(market.entry(shell).gated).toBe(false);
			const match = market.quoted(buyer, shell);
			last = { match, preview: previewed(market, buyer, shell, match) };
		}

		expect(gateOf(market.state, shell, "conversion")).toMatchObject({
			total: 10,
			good: 0,
			standing: 0,
			provisional: true,
		});
		expect(market.entry(shell).gated).toBe(true);
		expect(market.matched(agent("curious 1"), [shell], { budget: 20 })).toBeTruthy();
		expect(offerOf(market, market.acts.at(-1)!.id, shell)).toBeUndefined();
		expect(
			market.when(settles(agent("curious 10"), "buyer-accept", shell, last.preview)).refused,
		).toBeUndefined();
		market.later(24 * 3_600_000);
		expect(market.entry(shell).gated).toBe(false);
		market.sound();
	});

	test("says nothing against an entry once its owner has paid for it, however often it looks again", () => {
		const market = new Market().given(minted(bob, 900));
		const shell = market.stocked(ada, 20);
		for (let n = 0; n < 21; n++) market.said(completes(bought(market, bob, shell)));
		expect(gateOf(market.state, shell, "conversion")).toMatchObject({ total: 1, good: 1, shutBy: null });
		market.sound();
	});

	test("counts for good against an entry when two owners with standing looked and did not buy", () => {
		const market = new Market();
		const shell = market.stocked(ada, 20);
		for (let n = 1; n <= 10; n++) {
			const buyer = agent(`curious ${n}`);
			market.given(minted(buyer, n <= 2 ? 1_000 : 100));
			previewed(market, buyer, shell, market.quoted(buyer, shell));
		}
		expect(gateOf(market.state, shell, "conversion")).toMatchObject({ standing: 2, provisional: false });
		market.later(48 * 3_600_000);
		expect(market.entry(shell).gated).toBe(true);
	});
});
