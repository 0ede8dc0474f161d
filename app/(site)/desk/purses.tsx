import { BackupOffer } from "@/components/keys/backup-offer";
import { Empty, Figures, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { isRefusal } from "@/lib/doors/problem";
import { cursorAt, NEWEST } from "@/lib/doors/query";
import type { Item } from "@/lib/scrip/read";
import { Agent } from "../../show/agent";
import { Money } from "../../show/money";
import { Pager } from "../../show/pager";
import { Time } from "../../show/time";
import { formats, words } from "../../viewing";
import { type List, PAGE } from "./list";

const PURSES = ["hot", "held", "bonded", "vesting", "cold"] as const;
const WHYS = ["hold", "refund", "burn", "earn-out", "residual", "sale", "advance", "mint", "pay"] as const;
/** On the other side of what comes into being and what goes out of it. */
const NOBODY = ["issued", "burned"];
type Why = (typeof WHYS)[number];

/** What is in each purse, and what went through them, movement by movement with the message that made it. */
export async function Purses({
	of: key,
	before,
	others,
	owns,
	asOf,
}: List & {
	owns: boolean;
	/** The message after which they are shown; absent: now. */
	asOf?: number;
}) {
	const [{ questions }, t, common, format] = await Promise.all([
		opened(),
		words("desk"),
		words("common"),
		formats(),
	]);
	const answer = await (asOf === undefined
		? questions.ledger(key, before ?? NEWEST, PAGE)
		: questions.ledgerThen(key, asOf, before ?? NEWEST, PAGE));
	if (isRefusal(answer)) throw new Error(answer.detail);
	const { found } = answer;
	const { purses } = found;
	return (
		<Section
			id="purses"
			title={t("purses.title")}
			aside={asOf === undefined && found.items.length > 0 && <a href="/desk/ledger.csv">{t("purses.csv")}</a>}
		>
			<Figures
				figures={PURSES.filter((purse) => purses[purse] > 0 || purse === "hot" || purse === "held").map(
					(purse) => ({
						name: common(`purses.${purse}`),
						value: <Money micro={purses[purse]} />,
					}),
				)}
			/>
			{owns && (
				<div className="py-2 empty:hidden">
					<BackupOffer of={key} />
				</div>
			)}
			{found.items.length === 0 ? (
				<Empty>{t("purses.none")}</Empty>
			) : (
				<Table
					caption={t("purses.title")}
					rows={found.items}
					rowKey={({ message_id, purse, amount, why }) => `${message_id} ${purse} ${amount} ${why}`}
					columns={[
						{
							id: "what",
							names: true,
							head: t("purses.head.what"),
							cell: ({ message_id, seq, at, why, amount, purse, with: other }) => (
								<>
									<span className="block first-letter:uppercase">{reason(why, amount)}</span>
									<span className="under">
										<a href={`/messages/${message_id}`}>#{seq}</a>
										<span className="sm:hidden">{common(`purses.${purse}`)}</span>
										<span className="sm:hidden">
											<Time at={at} />
										</span>
										{!NOBODY.includes(other.owner) && other.owner !== key && (
											<span>{t.rich("purses.with", { who: () => <Agent of={other.owner} /> })}</span>
										)}
									</span>
								</>
							),
						},
						{
							id: "when",
							wide: true,
							head: t("purses.head.when"),
							cell: ({ at }) => <Time at={at} />,
						},
						{
							id: "purse",
							wide: true,
							head: t("purses.head.purse"),
							cell: ({ purse }) => common(`purses.${purse}`),
						},
						{
							id: "amount",
							number: true,
							head: t("purses.head.amount"),
							cell: ({ amount }) => signed(amount),
						},
					]}
				/>
			)}
			{asOf === undefined && (
				<p className="max-w-text py-2 text-quiet text-sm">
					<a href="/desk/history.ndjson" download>
						{t("purses.history")}
					</a>
					. {t.rich("purses.historyNote", { code: (said) => <code className="font-mono">{said}</code> })}
				</p>
			)}
			<Pager
				path="/desk"
				name="purses"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);

	function signed(micro: number) {
		return format.number(micro / 1_000_000, { signDisplay: "always", maximumFractionDigits: 6 });
	}

	/** A reason that has no words here is told by the rules' own name. */
	function reason(why: Item["why"], amount: number): string {
		return WHYS.includes(why as Why) ? t(`purses.why.${why as Why}.${amount > 0 ? "in" : "out"}`) : why;
	}
}
