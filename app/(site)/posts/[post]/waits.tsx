import { Left } from "@/components/order/left";
import { Notice } from "@/components/ui/layout";
import type { PostDetail } from "@/lib/board/read";
import type { Turn } from "@/lib/board/turns";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";
import type { Role } from "./role";

/** Who waits for whom, until when, and what happens then by itself. */
export async function Waits({ post, role, now }: { post: PostDetail; role: Role; now: number }) {
	const t = await words("post");
	const open = post.state === "open" || post.state === "answered";
	const until = (at: string | null) =>
		at === null ? (
			t("waits.now")
		) : (
			<>
				{t.rich("waits.until", { when: () => <Time at={at} /> })}
				<span className="font-normal text-quiet">
					{" · "}
					<Left ms={Date.parse(at) - now} />
				</span>
			</>
		);
	// Nobody can answer what is hidden.
	if (open && post.hidden) return null;
	if (open && post.waiting.length === 0)
		return (
			<Notice
				tone={post.at_risk ? "risk" : "plain"}
				title={
					<>
						{t("waits.answers.title")} {until(post.ends_at)}
					</>
				}
			>
				{t("waits.answers.else")}
			</Notice>
		);
	return post.waiting.map((turn) => {
		const kind = kindOf(turn, now, post);
		const mine = turn.who === role;
		const says = {
			choose: () => t(`waits.choose.${mine ? "you" : "they"}`),
			close: () => t(`waits.close.${mine ? "you" : sideOf(turn)}`),
			overdue: () => t(`waits.overdue.${mine ? "you" : sideOf(turn)}`),
			confirm: () => t(`waits.confirm.${mine ? "you" : sideOf(turn)}`),
			rule: () => t("waits.rule.they"),
			lapse: () => t("waits.lapse.they"),
		}[kind]();
		return (
			<Notice
				key={turn.who}
				tone={mine ? "good" : kind === "rule" || kind === "overdue" ? "risk" : "plain"}
				title={
					<>
						{says} {until(turn.until)}
					</>
				}
			>
				{t(`waits.${kind}.else`)}
			</Notice>
		);
	});
}

const sideOf = ({ who }: Turn) => who as "author" | "responder";

function kindOf({ operations: [first] }: Turn, now: number, { agreement }: PostDetail) {
	switch (first) {
		case "board:agree":
			return "choose";
		case "board:close":
			return now >= Date.parse(agreement!.closure_due_at) ? "overdue" : "close";
		case "board:confirm":
			return "confirm";
		case "operator:verdict":
			return "rule";
		default:
			return "lapse";
	}
}
