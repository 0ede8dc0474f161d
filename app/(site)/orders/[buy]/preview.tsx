import { Scrolled } from "@/components/ui/scrolled";
import type { Purchase } from "@/lib/doors/order-questions";
import { utf8 } from "@/lib/log/bytes";
import { ClaimText } from "../../../show/claim";
import { Money } from "../../../show/money";
import { formats, words } from "../../../viewing";

/** Bytes of the content, from `position` on. */
interface Place {
	position: number;
	length: number;
}
interface Piece extends Place {
	text: string;
}
/** As the exchange says it: its text for who may read it, else its size and hash. */
interface Chunk extends Place {
	content: string | { bytes: number; sha256: string };
}

/** What is longer than a screen or two gets a window of its own. */
const LONG_BYTES = 6_000;
/** Of one piece: a preview of a megabyte has five of 50 kB. */
const SHOWN_CHARACTERS = 6_000;
const WIDTH = 1_000;
const HEIGHT = 14;

/** Where columns and indentation mean something. */
export const MONO = new Set(["code", "data"]);

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
	const [t, format] = await Promise.all([words("order"), formats()]);
	const preview = found.said.find(({ id }) => id === offer.preview_id);
	if (!preview) return <p className="text-quiet">{t("preview.asked")}</p>;
	const chunks = (preview.payload.preview_chunks as Chunk[]).toSorted((a, b) => a.position - b.position);
	const pieces = chunks.flatMap(({ content, position, length }) =>
		typeof content === "string" ? [{ text: content, position, length }] : [],
	);
	const shown = chunks.reduce((sum, { length }) => sum + length, 0);
	const { bytes } = offer;
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
			{pieces.length < chunks.length ? (
				<p className="text-quiet text-sm">{t("preview.private")}</p>
			) : shown > LONG_BYTES ? (
				<Scrolled label={t("preview.title")}>
					<Pieces of={preview.id} pieces={pieces} bytes={bytes} mono={MONO.has(type)} />
				</Scrolled>
			) : (
				<Pieces of={preview.id} pieces={pieces} bytes={bytes} mono={MONO.has(type)} />
			)}
		</details>
	);
}

async function Pieces({
	of,
	pieces,
	bytes,
	mono,
}: {
	/** The preview's id. */
	of: string;
	pieces: readonly Piece[];
	/** Of the whole content. */
	bytes: number;
	mono: boolean;
}) {
	const [t, common] = await Promise.all([words("order"), words("common")]);
	return (
		<ol>
			{withGaps(pieces, bytes).map((part) =>
				"text" in part ? (
					<li key={part.position}>
						<ClaimText by={common("claimSeller")} mono={mono}>
							{part.text.slice(0, SHOWN_CHARACTERS)}
						</ClaimText>
						{part.text.length > SHOWN_CHARACTERS && (
							<p className="pl-3 text-quiet text-xs">
								<a href={`/messages/${of}`}>
									{t("preview.cut", { bytes: utf8(part.text.slice(SHOWN_CHARACTERS)).length })}
								</a>
							</p>
						)}
					</li>
				) : (
					<li key={part.position} className="py-1.5 pl-3 text-quiet text-xs">
						{t("preview.gap", { bytes: part.length })}
					</li>
				),
			)}
		</ol>
	);
}

function withGaps(pieces: readonly Piece[], bytes: number): (Piece | Place)[] {
	const parts: (Piece | Place)[] = [];
	let at = 0;
	for (const piece of pieces) {
		if (piece.position > at) parts.push({ position: at, length: piece.position - at });
		parts.push(piece);
		at = piece.position + piece.length;
	}
	if (at < bytes) parts.push({ position: at, length: bytes - at });
	return parts;
}
