import { Left } from "@/components/order/left";
import { Notice } from "@/components/ui/layout";
import type { OrderView, Waiting } from "@/lib/exchange/read";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";
import type { Role } from "./page";

/** Who waits for whom, until when, and what happens then by itself: each wait once, however many offers share it. */
export async function Waits({
	order,
	role,
	now,
}: {
	order: OrderView;
	role: Role;
	/** Undefined of what was: nothing is left of its time. */
	now: number | undefined;
}) {
	const t = await words("order");
	const waits = new Map(order.waiting.map((wait) => [`${kindOf(wait)} ${wait.until}`, wait]));
	return [...waits].map(([key, wait]) => {
		const kind = kindOf(wait);
		const mine = role === "buyer" && (kind === "choose" || kind === "complete");
		return (
			<Notice
				key={key}
				tone={mine ? "good" : kind === "verdict" ? "risk" : "plain"}
				title={
					<>
						{mine ? t(`waits.${kind as "choose"}.you`) : t(`waits.${kind}.they`)}{" "}
						{wait.until === null ? (
							t("waits.at once")
						) : (
							<>
								{t.rich("waits.until", { when: () => <Time at={wait.until!} /> })}
								{now !== undefined && (
									<span className="font-normal text-quiet">
										{" · "}
										<Left ms={Date.parse(wait.until) - now} />
									</span>
								)}
							</>
						)}
					</>
				}
			>
				{t(`waits.${kind}.else`)}
			</Notice>
		);
	});
}

const KINDS = {
	match: "match",
	preview: "preview",
	"preview-request": "choose",
	"buyer-accept": "choose",
	deliver: "deliver",
	refund: "refund",
	complete: "complete",
	"auto-complete": "auto-complete",
	verdict: "verdict",
} as const;

function kindOf({ operations: [first] }: Waiting): (typeof KINDS)[keyof typeof KINDS] {
	return KINDS[first!.replace(/^exchange:(settle\/)?/, "") as keyof typeof KINDS];
}
