import { Received } from "@/components/order/received";
import { Scrolled } from "@/components/ui/scrolled";
import { visible } from "@/components/ui/visible";
import { words as classes } from "@/components/ui/words";
import { opened } from "@/lib/doors/opened";
import type { Possible, Purchase } from "@/lib/doors/order-questions";
import type { Result } from "@/lib/exchange/results";
import { PREVIEW_TOKENS } from "@/lib/exchange/rules/plausibility";
import { utf8 } from "@/lib/log/bytes";
import { formats, words } from "../../../viewing";
import { MONO } from "./preview";

/** Of what was delivered; the file has all of it. */
const SHOWN_CHARACTERS = 20_000;
const ENDINGS: Partial<Record<Result["content_type"], string>> = { code: "txt", data: "txt" };

/** What was delivered, for who may read it, with what its buyer says to it. */
export async function Goods({
	found,
	purchase,
	result,
	reader,
	next,
}: {
	found: Purchase;
	purchase: Purchase["order"]["orders"][number];
	result: Result;
	reader: string | undefined;
	next: Possible | undefined;
}) {
	const [{ questions }, t, format] = await Promise.all([opened(), words("order"), formats()]);
	const { order, allowance } = found;
	const deliver = purchase.deliver_id!;
	const text = await questions.goods(deliver, reader);
	if (text === undefined) return <p className="text-quiet text-sm">{t("goods.private")}</p>;
	const bytes = utf8(text).length;
	const shown = text.slice(0, SHOWN_CHARACTERS);
	const can = (phase: string) =>
		found.possible.find(
			({ operation, payload }) =>
				operation === `exchange:settle/${phase}` && payload.entry_id === purchase.entry_id,
		);
	const [complete, small, dispute] = [can("complete"), can("small-content-dispute"), can("dispute")];
	const price = format.number(purchase.price);
	const days = dispute
		? Number((await questions.exchange()).found.settings["exchange.verdict_days"]!.value)
		: 0;
	return (
		<div className="flex min-w-0 flex-col gap-3">
			<h4 className="flex flex-wrap items-baseline gap-x-3">
				<span className="font-medium">{t("goods.title")}</span>
				<span className="text-quiet text-sm">{t("goods.size", { bytes })}</span>
				{reader !== order.buyer && <span className="text-quiet text-sm">{t("goods.house")}</span>}
			</h4>
			<Received
				href={`/orders/${order.buy_id}/goods/${deliver}`}
				file={t("goods.file", {
					id: purchase.entry_id.slice(0, 8),
					ending: ENDINGS[result.content_type] ?? "md",
				})}
				hash={purchase.content_hash.slice("sha256:".length)}
				complete={
					complete && {
						acting: {
							operation: complete.operation,
							payload: { ...complete.payload, content_hash_verified: true },
							antecedents: complete.antecedents,
						},
						says: t("acts.complete.says", { price }),
						label: t("acts.complete.label"),
						blocked: complete.blocked?.detail,
						next: complete === next,
					}
				}
				complaints={
					dispute && {
						small: small &&
							allowance && {
								acting: small,
								blocked: small.blocked?.detail,
								allowance,
								tokens: PREVIEW_TOKENS,
							},
						dispute: { acting: dispute, blocked: dispute.blocked?.detail, days },
					}
				}
			>
				<Scrolled label={t("goods.title")}>
					<pre
						dir="auto"
						className={classes(
							"w-fit min-w-full rounded bg-shade px-3 py-2",
							MONO.has(result.content_type)
								? "whitespace-pre font-mono text-sm"
								: "max-w-full whitespace-pre-wrap break-words font-sans",
						)}
					>
						{visible(shown)}
					</pre>
				</Scrolled>
				<p className="break-all text-quiet text-sm">
					{shown.length < text.length && (
						<>
							{t("goods.excerpt", { shown: utf8(shown).length, bytes })}
							<br />
						</>
					)}
					{t("goods.hash")} <span className="font-mono">{purchase.content_hash.slice("sha256:".length)}</span>
				</p>
			</Received>
		</div>
	);
}
