import { type BoardAct, RuleBoard } from "@/components/operator/rule-board";
import { Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../../show/agent";
import { ClaimText } from "../../show/claim";
import { SameByApi } from "../../show/same-by-api";
import { Timeline } from "../../show/timeline";
import { words } from "../../viewing";
import { type BoardCaseProps, eventsOf } from "./board-case";
import { BoardParty } from "./board-party";
import { CaseHead } from "./case-head";
import { Said } from "./said";
import { what } from "./what";

/** An appeal beside the ruling that it is against. */
export async function AppealCase({ of, claim, house, next }: BoardCaseProps<"appeal">) {
	const [t, common, { house: served }] = await Promise.all([words("operator"), words("common"), opened()]);
	const open = of.status === "open";
	const ruling = of.talk.find(({ id }) => id === of.ruling.id)!;
	const hidden =
		of.ruling.operation === "operator:hide" ? of.talk.find(({ id }) => id === of.ruling.on) : undefined;
	const contested = of.talk.some(({ id, operation }) => id === of.ruling.on && operation === "board:contest");
	const acts: BoardAct[] = [
		...(open ? (["appeal-accepted", "appeal-declined"] as const) : []),
		...(of.hides.length > 0 ? (["restore"] as const) : []),
		...(of.suspended ? (["reinstate"] as const) : []),
	];
	const why = !house.isOperator ? t("board.operatorsOnly") : of.own ? t("board.own") : undefined;
	return (
		<>
			<CaseHead
				id={of.case.id}
				title={t("board.appeal.title", { what: await what(of.ruling.operation) })}
				until={undefined}
				{...{ open, claim, house, next }}
			>
				{of.ruledBy &&
					t.rich("board.ruled", { link: (said) => <a href={`/messages/${of.ruledBy}`}>{said}</a> })}
			</CaseHead>
			<RuleBoard
				id={of.case.id}
				acts={acts}
				why={why}
				hides={of.hides}
				subject={of.appellant.key}
				outcome={contested}
				now={served.now()}
				next={next}
			/>
			<div className="grid gap-x-8 xl:grid-cols-2">
				<Section id="appeal" title={t("board.appeal.says")} aside={<Agent of={of.appellant.key} />}>
					<BoardParty of={of.appellant} />
					<ClaimText by={common("claimSender")}>{String(of.case.payload.text)}</ClaimText>
				</Section>
				<Section id="ruling" title={t("board.appeal.ruling")} aside={<Agent of={of.ruling.sender} />}>
					<p className="first-letter:uppercase py-2">
						{ruling.caption} <a href={`/messages/${ruling.id}`}>#{ruling.seq}</a>
					</p>
					<ClaimText by={common("waits.operator")}>{String(ruling.payload.reason)}</ClaimText>
				</Section>
			</div>
			{hidden && (
				<Section
					id="message"
					title={t("board.appeal.message")}
					aside={<a href={`/messages/${hidden.id}`}>#{hidden.seq}</a>}
				>
					<Said of={hidden} />
				</Section>
			)}
			<Section id="timeline" title={t("board.said")}>
				<div className="pt-3">
					<Timeline events={eventsOf(of.talk)} />
				</div>
			</Section>
			<SameByApi path={`/api/messages/${of.ruling.id}`} />
		</>
	);
}
