import * as z from "zod";
import { buys, type ContentType, entries, offers, previewPlans } from "../../../../db/schema/exchange";
import { answered } from "../../../log/duties";
import { content, contentType, hash, int, scrip } from "../../../log/field";
import { answer, operation } from "../../../log/operation";
import { refusal } from "../../../log/refusal";
import { headerOf } from "../../../log/registry";
import type { Reading } from "../../../log/state";
import { previewed } from "../../correctness";
import type { Ports } from "../../ports";
import { entryNotOffered } from "../../refusals";
import { type Chunk, fractionOf, previewChunks, previewPlan, previewPrice } from "../../rules/preview";
import { offerOf } from "../../state";
import { settlement } from "./field";

const alreadyPreviewed = refusal(
	"already-previewed",
	409,
	"This request has been answered.",
	"Look at its replies.",
);
const previewWrong = refusal(
	"preview-wrong",
	422,
	"This is not the preview of this entry at the price it was offered for.",
	"Show the content's own plan, and take off the quoted price what it shows.",
);

const body = z.strictObject({
	...settlement("preview"),
	preview_chunks: z
		.array(
			z.strictObject({ content: content(1_048_576), position: int(0, 1_048_575), length: int(1, 1_048_576) }),
		)
		.min(1)
		.max(10),
	preview_chunk_count: int(1, 10),
	content_type: contentType(),
	base_price: scrip(1),
	purchase_price: scrip(1),
	price: scrip(1),
	content_hash: hash(),
});
type Preview = z.infer<typeof body>;

/**
 * The exchange shows the buyer random pieces of the content: 15–25 % of it, the same pieces of the same bytes to everybody
 * and for ever. Exchange Operations, "Phase: preview"; RULES, "Preview".
 */
export const preview = operation<Preview>("exchange:settle/preview", {
	summary: "Show a buyer random pieces of an offered entry",
	by: "exchange",
	antecedents: [["exchange:settle/preview-request"]],
	body,

	admit(state, act) {
		const offer = offerOf(state, act);
		if (!offer) return entryNotOffered({ field: "/payload/entry_id" });
		const { payload } = act;
		const entry = state.get(entries, offer.entry)!;
		const chunks = chunksOf(payload);
		const plan = state.get(previewPlans, entry.contentHash)?.chunks ?? chunks;
		const priceScrip = previewPrice(offer.basePriceScrip, fractionOf(plan, entry.bytes));
		const right =
			payload.content_hash === entry.contentHash &&
			payload.content_type === entry.contentType &&
			payload.preview_chunk_count === chunks.length &&
			payload.preview_chunks.every(({ content, length }) => content.bytes === length) &&
			same(chunks, plan) &&
			payload.base_price === offer.basePriceScrip &&
			payload.purchase_price === priceScrip &&
			payload.price === priceScrip;
		if (!right) return previewWrong();
		if (offer.previewId !== null) return alreadyPreviewed({ see: offer.previewId });
	},

	apply(state, act) {
		const offer = offerOf(state, act)!;
		const { buyerOwner } = state.get(buys, offer.buyId)!;
		const { content_hash: contentHash, purchase_price: previewPriceScrip } = act.payload;
		state.put(offers, { ...offer, previewId: act.id, previewPriceScrip });
		// A house operator's put-accept makes no plan: then the first preview fixes it.
		if (!state.get(previewPlans, contentHash))
			state.put(previewPlans, { contentHash, chunks: chunksOf(act.payload), messageId: act.id });
		previewed(state, act, offer.entry, buyerOwner);
		answered(state, "exchange:settle/preview", act.antecedents[0]!);
	},

	/** The door adds the exchange and house operators. */
	readers(state, act) {
		const buyer = headerOf(state, act.antecedents[0]!)!.sender;
		return [buyer, state.get(entries, act.payload.entry_id)!.seller];
	},

	answer: answer({
		async prepare(duty, ports: Pick<Ports, "read" | "content" | "chunkBytes">) {
			const { contentHash, contentType } = duty.data as Previewing;
			const [known, text] = await Promise.all([
				ports.read((state) => planOf(state, contentHash)),
				ports.content(contentHash),
			]);
			const plan =
				known ??
				previewPlan({ contentHash, text, contentType, randomBytes: ports.chunkBytes(contentHash) }).chunks;
			return { plan, chunks: previewChunks(text, plan) };
		},

		draft(state, duty, _, { plan, chunks }) {
			const { entry: entryId, contentHash, contentType } = duty.data as Previewing;
			// Another first preview of these bytes came in between with a plan of its own: prepare anew, by that one.
			const known = planOf(state, contentHash);
			if (known && !same(known, plan)) return undefined;

			const { bytes } = state.get(entries, entryId)!;
			const { basePriceScrip } = offerOf(state, {
				antecedents: [duty.subject],
				payload: { entry_id: entryId },
			})!;
			const priceScrip = previewPrice(basePriceScrip, fractionOf(plan, bytes));
			return {
				operation: "exchange:settle/preview",
				antecedents: [duty.subject],
				payload: {
					phase: "preview",
					entry_id: entryId,
					preview_chunks: chunks,
					preview_chunk_count: chunks.length,
					content_type: contentType,
					base_price: basePriceScrip,
					purchase_price: priceScrip,
					price: priceScrip,
					content_hash: contentHash,
				},
			};
		},
	}),

	caption: ({ payload }) =>
		`${payload.preview_chunk_count} pieces shown; the price falls to ${payload.price} scrip`,
});

/** What the duty carries: enough to read and cut without asking the state. */
export interface Previewing {
	entry: string;
	contentHash: string;
	contentType: ContentType;
}

function planOf(state: Reading, contentHash: string): readonly Chunk[] | undefined {
	return state.get(previewPlans, contentHash)?.chunks;
}

function chunksOf({ preview_chunks: chunks }: Preview): Chunk[] {
	return chunks.map(({ position, length }) => ({ position, length }));
}

function same(one: readonly Chunk[], other: readonly Chunk[]): boolean {
	return (
		one.length === other.length &&
		one.every(({ position, length }, i) => position === other[i]!.position && length === other[i]!.length)
	);
}
