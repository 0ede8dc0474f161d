import { Live } from "@/components/frame/live";
import { Left } from "@/components/order/left";
import { Empty, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import type { DeskWait } from "@/lib/doors/desk-questions";
import { opened } from "@/lib/doors/opened";
import { Claim } from "../../show/claim";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** Less than this is pressing. */
const SOON_MS = 24 * 3_600_000;

/** Who waits for whom until when, and what happens otherwise: the reader's own turn first. */
export async function Waiting({ of: key }: { of: string }) {
	const [{ house, questions }, t, common] = await Promise.all([opened(), words("desk"), words("common")]);
	const { seq, found: waits } = await questions.waiting(key);
	const now = house.now();
	return (
		<Section id="waiting" title={t("waiting.title")} aside={<Live query={`to=${key}`} after={seq} />}>
			{waits.length === 0 ? (
				<Empty>{t("waiting.none")}</Empty>
			) : (
				<Table
					caption={t("waiting.title")}
					rows={waits}
					rowKey={({ kind, buy_id, entry_id, post_id }) => `${kind} ${buy_id} ${entry_id} ${post_id}`}
					columns={[
						{
							id: "what",
							names: true,
							head: t("waiting.head.what"),
							cell: (wait) => (
								<>
									<a href={placeOf(wait)} className={wait.who === "self" ? "font-medium" : "text-quiet"}>
										{t(`waiting.kinds.${wait.kind}`, { offers: wait.offers ?? 0 })}
									</a>
									<span className="line-clamp-1 text-quiet text-sm">
										<Claim by={common("claimSender")}>{wait.about}</Claim>
									</span>
								</>
							),
						},
						{
							id: "else",
							wide: true,
							head: t("waiting.head.else"),
							cell: ({ kind }) => <span className="text-quiet text-sm">{t(`waiting.else.${kind}`)}</span>,
						},
						{
							id: "until",
							number: true,
							head: t("waiting.head.until"),
							cell: ({ until, who }) => {
								if (until === null) return t("waiting.now");
								const left = Date.parse(until) - now;
								return (
									<span className={who === "self" && left < SOON_MS ? "text-risk" : ""}>
										<Time at={until} />
										<span className="block text-sm">
											<Left ms={left} />
										</span>
									</span>
								);
							},
						},
					]}
				/>
			)}
		</Section>
	);
}

function placeOf({ buy_id, entry_id, post_id }: DeskWait): string {
	if (post_id !== null) return `/posts/${post_id}`;
	return buy_id === null ? `/exchange/${entry_id}` : `/orders/${buy_id}`;
}
