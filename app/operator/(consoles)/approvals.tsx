import { Agree } from "@/components/operator/agree";
import { Section } from "@/components/ui/layout";
import type { Consoles } from "@/lib/doors/operator-questions";
import { Agent } from "../../show/agent";
import { Money } from "../../show/money";
import { Time } from "../../show/time";
import { words } from "../../viewing";

/** What one house operator has said above the sum, until another has agreed to it, and a day longer. */
export async function Approvals({ house }: { house: Consoles }) {
	const [t, waiting] = await Promise.all([words("operator"), house.approvals()]);
	if (waiting.length === 0) return null;
	return (
		<Section id="second" title={t("second.title")}>
			<p className="max-w-text py-2 text-quiet">{t("second.lead")}</p>
			<ul className="divide-y divide-line">
				{waiting.map(({ id, seq, at, by, scrip, says, second }) => (
					<li key={id} className="max-w-text py-3">
						<p className="flex flex-wrap items-baseline gap-x-3">
							<span className="font-medium first-letter:uppercase">{says}</span>
							<Money scrip={scrip} />
							<a href={`/messages/${id}`}>#{seq}</a>
						</p>
						<p className="flex flex-wrap gap-x-3 text-quiet text-sm">
							<Agent of={by} /> <Time at={at} />
						</p>
						{house.isOperator && by !== house.reader && (
							<Agree id={id} says={says} agreed={second !== null} />
						)}
						{second && (
							<p className="text-quiet text-sm">
								{t("second.agreed")} <a href={`/messages/${second.id}`}>#{second.seq}</a>
							</p>
						)}
						{!second && by === house.reader && <p className="text-quiet text-sm">{t("second.own")}</p>}
					</li>
				))}
			</ul>
		</Section>
	);
}
