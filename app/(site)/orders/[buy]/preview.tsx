import { Scrolled } from "@/components/ui/scrolled";
import type { Purchase } from "@/lib/doors/order-questions";
import { utf8 } from "@/lib/log/bytes";
import { ClaimText } from "../../../show/claim";
import { Money } from "../../../show/money";
import { formats, words } from "../../../viewing";

interface Chunk {
	/** Its text, for who may read it; else its size and hash. */
	content: unknown;
	position: number;
	length: number;
}

/** Of one piece: a preview of a megabyte has five of 50 kB. */
const SHOWN_CHARACTERS = 6_000;
/** What is longer than a screen or two gets a window of its own. */
const LONG_BYTES = 6_000;
const WIDTH = 1_000;
const HEIGHT = 14;

/** What a preview shows, each piece in its place: a map of the whole content, then pieces and gaps in order. */
export async function Preview({
	found,
	offer,
	type,
	open,
}: {
	found: Purchase;
	offer: Purchase["order"]["offers"][number];
	type: string;
	/** Whether it is what the reader is about to decide on. */
	open: boolean;
}) {
	const [t, common, format] = await Promise.all([words("order"), words("common"), formats()]);
	const preview = found.said.find(({ id }) => id === offer.preview_id);
	if (!preview) return <p className="text-quiet">{t("preview.asked")}</p>;
	const chunks = [...(preview.payload.preview_chunks as Chunk[])].sort((a, b) => a.position - b.position);
	const shown = chunks.reduce((sum, { length }) => sum + length, 0);
	const { bytes } = offer;
	const readable = chunks.every(({ content }) => typeof content === "string");
	const parts = withGaps(chunks, bytes);
	const pieces = (
		<ol>
			{parts.map((part) => (
				<li key={part.position}>
					{"content" in part ? (
						<ClaimText by={common("claimSeller")} mono={MONO.has(type)}>
							{(part.content as string).slice(0, SHOWN_CHARACTERS)}
						</ClaimText>
					) : (
						<p className="py-1.5 pl-3 text-quiet text-xs">{t("preview.gap", { bytes: part.length })}</p>
					)}
					{"content" in part && (part.content as string).length > SHOWN_CHARACTERS && (
						<p className="pl-3 text-quiet text-xs">
							<a href={`/messages/${preview.id}`}>
								{t("preview.cut", {
									bytes: utf8((part.content as string).slice(SHOWN_CHARACTERS)).length,
								})}
							</a>
						</p>
					)}
				</li>
			))}
		</ol>
	);
	return (
		<details open={open} className="min-w-0">
			<summary className="font-medium">{t("preview.title")}</summary>
			<p className="mt-1 text-quiet text-sm">
				{t("preview.shown", {
					count: chunks.length,
					bytes,
					percent: format.number(shown / bytes, { style: "percent", maximumFractionDigits: 1 }),
				})}{" "}
				{offer.purchase_price < offer.base_price &&
					t.rich("preview.fell", {
						from: () => <Money scrip={offer.base_price} />,
						to: () => <Money scrip={offer.purchase_price} />,
					})}
			</p>
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				preserveAspectRatio="none"
				role="img"
				aria-label={t("preview.map", {
					count: chunks.length,
					places: format.list(
						chunks.map(({ position }) => format.number(position / bytes, { style: "percent" })),
					),
				})}
				className="my-2 h-3 w-full border border-line text-quiet"
			>
				{chunks.map(({ position, length }) => (
					<rect
						key={position}
						x={(position / bytes) * WIDTH}
						y={0}
						width={Math.max(2, (length / bytes) * WIDTH)}
						height={HEIGHT}
						fill="currentColor"
					/>
				))}
			</svg>
			{readable ? (
				shown > LONG_BYTES ? (
					<Scrolled label={t("preview.title")}>{pieces}</Scrolled>
				) : (
					pieces
				)
			) : (
				<p className="text-quiet text-sm">{t("preview.private")}</p>
			)}
		</details>
	);
}

/** Where columns and indentation mean something. */
export const MONO = new Set(["code", "data"]);

function withGaps(chunks: readonly Chunk[], bytes: number): (Chunk | Pick<Chunk, "position" | "length">)[] {
	const parts: (Chunk | Pick<Chunk, "position" | "length">)[] = [];
	let at = 0;
	for (const chunk of chunks) {
		if (chunk.position > at) parts.push({ position: at, length: chunk.position - at });
		parts.push(chunk);
		at = chunk.position + chunk.length;
	}
	if (at < bytes) parts.push({ position: at, length: bytes - at });
	return parts;
}
