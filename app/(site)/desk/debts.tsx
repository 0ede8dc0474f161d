import { Notice, Section } from "@/components/ui/layout";
import { Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** Closures that the reader's owner owes or will owe: from when on they count, how each ends, and whether they bar a new post. */
export async function Debts({ of: key }: { of: string }) {
	const [{ questions }, t, common] = await Promise.all([opened(), words("desk"), words("common")]);
	const { found } = await questions.debts(key);
	const { items, owed, most, barred } = found;
	if (items.length === 0) return null;
	return (
		<Section id="debts" title={t("debts.title")} aside={t("debts.count", { owed, most })}>
			<div className="py-2">
				{barred ? (
					<Notice tone="risk" title={t("debts.barred")}>
						{t("debts.lead", { most })}
					</Notice>
				) : (
					<p className="max-w-text text-quiet text-sm">{t("debts.lead", { most })}</p>
				)}
			</div>
			<Table
				caption={t("debts.title")}
				rows={items}
				rowKey={({ agreement_id, party }) => `${agreement_id} ${party}`}
				columns={[
					{
						id: "what",
						names: true,
						head: t("debts.head.what"),
						cell: (one) => (
							<>
								<a href={`/posts/${one.post_id}#closure`} className="headline">
									{one.about === "" ? (
										t("posts.hiddenWords")
									) : (
										<Claim by={common("claimAuthor")}>{one.about}</Claim>
									)}
								</a>
								<span className="under">
									<Agent of={one.with} />
									{one.party !== key && (
										<span>{t.rich("debts.party", { who: () => <Agent of={one.party} /> })}</span>
									)}
								</span>
								<span className="block text-quiet text-sm">
									{t(
										one.operations.includes("board:confirm")
											? "debts.ends.confirm"
											: one.operations.includes("board:no-show")
												? "debts.ends.noShow"
												: "debts.ends.close",
									)}
								</span>
							</>
						),
					},
					{
						id: "from",
						number: true,
						head: t("debts.head.owed"),
						cell: ({ owed, owed_from, owed_until }) =>
							owed ? (
								<span className="text-risk">
									{t("debts.owed")}
									<span className="block text-quiet text-sm">
										{t.rich("debts.until", { when: () => <Time at={owed_until} /> })}
									</span>
								</span>
							) : (
								t.rich("debts.from", { when: () => <Time at={owed_from} /> })
							),
					},
				]}
			/>
		</Section>
	);
}
