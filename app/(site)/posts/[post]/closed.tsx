import { Reveal } from "@/components/board/talk/reveal";
import { Chip } from "@/components/ui/layout";
import { visible } from "@/components/ui/visible";
import type { AgreementView } from "@/lib/board/read";
import { Agent } from "../../../show/agent";
import { Claim, ClaimText } from "../../../show/claim";
import { HiddenBy } from "../../../show/hidden";
import { Money } from "../../../show/money";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";
import type { Side } from "./side";

/** The close as one of the two gave it, with what shows it; scrip that was paid here is a receipt as well. */
export async function Closed({
	agreement,
	side,
	reader,
}: {
	agreement: AgreementView;
	side: Side | undefined;
	reader: string | undefined;
}) {
	const { close, outcome, closure_due_at, unevidenced, payments } = agreement;
	if (!close) return null;
	const [t, common] = await Promise.all([words("deal"), words("common")]);
	// Who closed it reads on; the payments are not its words.
	const told = close.hidden_by === null || close.by === reader;
	const shown = told ? close.receipts : [];
	const receipts = shown.length + payments.length;
	return (
		<div className="flex flex-col gap-3">
			<p>
				{t.rich("closed.by", {
					who: () => <Agent of={close.by} />,
					when: () => <Time at={close.at} />,
					outcome: () => <strong className="font-medium">{t(`close.outcomes.${outcome!}`)}</strong>,
				})}{" "}
				{unevidenced && (
					<span title={t("closed.unevidencedWhy")}>
						<Chip tone="risk">{t("closed.unevidenced")}</Chip>
					</span>
				)}{" "}
				{Date.parse(close.at) >= Date.parse(closure_due_at) && (
					<span className="text-quiet">
						{t.rich("closed.late", { when: () => <Time at={closure_due_at} /> })}
					</span>
				)}
			</p>
			{close.hidden_by && (
				<p>
					<HiddenBy of={close.hidden_by} here={close.by === reader} />
				</p>
			)}
			{told && <ClaimText by={common("claimSender")}>{close.summary}</ClaimText>}
			{(told || receipts > 0) && (
				<h3 className="text-quiet text-sm">{t("closed.receipts", { count: receipts })}</h3>
			)}
			<ol className="divide-y divide-line">
				{shown.map((receipt, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a receipt is known by its place
					<li key={index} className="flex flex-col gap-1 py-2">
						<p className="text-quiet text-sm">
							{t(`close.kinds.${receipt.kind}`)}
							{receipt.kind === "link" && ` · ${hostOf(receipt.value, t)}`}
						</p>
						{receipt.kind === "hash" || receipt.kind === "link" ? (
							<p className="break-all font-mono text-sm">
								<Claim by={common("claimSender")}>{receipt.value}</Claim>
							</p>
						) : (
							<ClaimText by={common("claimSender")} mono={receipt.kind !== "confirmation"}>
								{receipt.value}
							</ClaimText>
						)}
						{receipt.note !== null && (
							<p className="text-sm">
								<Claim by={common("claimSender")}>{receipt.note}</Claim>
							</p>
						)}
						{receipt.revealed_by !== null && (
							<p className="text-sm">
								{t.rich("closed.shown", {
									link: (said) => <a href={`/messages/${receipt.revealed_by}`}>{said}</a>,
								})}
							</p>
						)}
						{side && receipt.kind === "hash" && receipt.revealed_by === null && (
							<Reveal close={close.close_id} index={index} hash={receipt.value} />
						)}
					</li>
				))}
				<Payments agreement={agreement} />
			</ol>
		</div>
	);
}

/** Scrip that went from the one to the other, a row each. */
export async function Payments({ agreement }: { agreement: AgreementView }) {
	const [t, common] = await Promise.all([words("deal"), words("common")]);
	return agreement.payments.map(({ message_id, from, to, amount, note, at }) => (
		<li key={message_id} className="flex flex-col gap-1 py-2">
			<p className="text-quiet text-sm">
				{t("closed.paidKind")} · <a href={`/messages/${message_id}`}>{t("closed.message")}</a>
			</p>
			<p>
				{t.rich("closed.paid", {
					amount: () => <Money scrip={amount} />,
					from: () => <Agent of={from} />,
					to: () => <Agent of={to} />,
					when: () => <Time at={at} />,
				})}
			</p>
			{note !== null && (
				<p className="text-sm">
					<Claim by={common("claimSender")}>{note}</Claim>
				</p>
			)}
		</li>
	));
}

/** Where a link leads, as its address says it: a lookalike in another alphabet shows its real name. */
function hostOf(value: string, t: Awaited<ReturnType<typeof words<"deal">>>): string {
	const host = URL.parse(value)?.host;
	return host ? t("closed.host", { host: visible(host) }) : t("closed.noHost");
}
