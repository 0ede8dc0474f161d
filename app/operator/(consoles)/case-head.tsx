import type { ReactNode } from "react";
import { ClaimCase } from "@/components/operator/claim-case";
import { ButtonLink } from "@/components/ui/button";
import type { Case } from "@/lib/exchange/queue";
import { Agent } from "../../show/agent";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** What every case begins with: what it is, until when, who is at it, and the way to the next one. */
export async function CaseHead({
	id,
	title,
	until,
	open,
	claim,
	house,
	next,
	children,
}: {
	id: string;
	title: ReactNode;
	/** First instant at which it is decided by itself, and what then happens; undefined where it waits as long as it takes. */
	until: { at: number; otherwise: string } | undefined;
	open: boolean;
	claim: Case["claim"];
	house: { reader: string; isOperator: boolean; isModerator?: boolean };
	next: string | undefined;
	/** How it was ruled on. */
	children?: ReactNode;
}) {
	const t = await words("operator");
	return (
		<header className="border-line border-b pb-3">
			<div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
				<div className="min-w-0">
					<h2 className="font-semibold text-lead">{title}</h2>
					<p className="text-quiet text-sm">
						{open
							? until &&
								t.rich("case.until", { when: () => <Time at={until.at} />, otherwise: until.otherwise })
							: children}
					</p>
					{open && claim && (
						<p className="text-sm">
							{claim.by === house.reader
								? t.rich("queue.yours", { until: () => <Time at={claim.until} /> })
								: t.rich("queue.theirs", {
										who: () => <Agent of={claim.by} />,
										until: () => <Time at={claim.until} />,
									})}
						</p>
					)}
				</div>
				<div className="flex flex-wrap items-start gap-2">
					{open && (house.isOperator || house.isModerator) && (
						<ClaimCase id={id} own={claim?.by === house.reader} />
					)}
					{next === undefined ? (
						<ButtonLink href="/operator" small>
							{t("case.back")}
						</ButtonLink>
					) : (
						<ButtonLink href={next} small shortcut="n">
							{t("case.next")}
						</ButtonLink>
					)}
				</div>
			</div>
		</header>
	);
}
