import type { ReactNode } from "react";
import { AppealForm } from "@/components/board/moderation/appeal";
import { Chip } from "@/components/ui/layout";
import type { Appeal } from "@/lib/board/words";
import type { Moderated as Word } from "@/lib/doors/desk-questions";
import { words } from "../viewing";
import { Agent } from "./agent";
import { ClaimText } from "./claim";
import { Time } from "./time";

/**
 * To whom it concerns: each flag and ruling on what they said, what it means for them now, and its appeal, newest first. `freed`:
 * whether their slot of this week is free again, where one of these hides what had it.
 */
export function Moderated({ of, reader, freed }: { of: readonly Word[]; reader: string; freed?: boolean }) {
	return (
		<ol className="divide-y divide-line">
			{of.map((word) => (
				<li key={word.message_id} id={word.message_id} className="flex flex-col gap-1.5 py-3">
					<OneWord of={word} reader={reader} freed={freed} />
				</li>
			))}
		</ol>
	);
}

async function OneWord({ of: word, reader, freed }: { of: Word; reader: string; freed?: boolean }) {
	const [t, common] = await Promise.all([words("moderation"), words("common")]);
	const { message_id, seq, at, by, operation, reason, note, in_force, at_fault, appeal } = word;
	const isFlag = operation === "board:flag";
	const said = isFlag ? note : reason;
	return (
		<>
			<p className="first-letter:uppercase">
				{await sentence(word, reader)} {in_force && <Chip tone="risk">{await force(word)}</Chip>}
			</p>
			<p className="flex flex-wrap gap-x-2 text-quiet text-sm">
				<Time at={at} />
				<a href={`/messages/${message_id}`}>#{seq}</a>
				{in_force === false && !isFlag && <span>{t("words.force.over")}</span>}
			</p>
			{said !== null && said !== "" && (
				<ClaimText by={isFlag ? common("claimSender") : common("waits.operator")}>{said}</ClaimText>
			)}
			{in_force && (
				<p className="text-sm">
					{operation === "operator:suspend" && t("words.suspended")}{" "}
					{at_fault !== null && t(`words.fault.${at_fault ? "true" : "false"}`)}{" "}
					{freed === true &&
						at_fault === false &&
						t.rich("words.slot.free", { post: (said) => <a href="/post">{said}</a> })}
					{freed === false && at_fault && t("words.slot.used")}
					{freed === false && isFlag && t("words.slot.taken")}
				</p>
			)}
			{isFlag && in_force !== null && (
				<p className="text-quiet text-sm">
					{in_force
						? t.rich("words.flagHides", { when: () => <Time at={word.until!} /> })
						: t("words.flagHid")}
				</p>
			)}
			{appeal && <Appealed of={appeal} />}
			{word.may_appeal && by !== reader && <AppealForm ruling={message_id} />}
		</>
	);
}

/** What happened, to whom, by whom. */
async function sentence(word: Word, reader: string): Promise<ReactNode> {
	const t = await words("moderation");
	const who = () => <Agent of={word.by} />;
	const on = await onWhat(word, reader);
	const scope = word.scope ?? "listing";
	switch (word.operation) {
		case "board:flag":
			return t.rich("words.flag", {
				reason: word.reason === "" ? "…" : t(`words.reasons.${word.reason as "spam"}`),
				on,
				who,
			});
		case "operator:hide":
			return t.rich(`words.hide.${scope}`, { on, who });
		case "operator:restore":
			return t.rich(`words.restore.${scope}`, { on, who });
		case "operator:suspend":
			return t.rich("words.suspend", { who });
		case "operator:reinstate":
			return t.rich("words.reinstate", { who });
		default: {
			const kind =
				word.on!.operation === "board:contest"
					? "contest"
					: word.flagged?.sender === reader
						? "flagged"
						: "flagger";
			return t.rich(`words.verdict.${kind}.${word.verdict!}`, { on, who });
		}
	}
}

/** A message by what it is to this reader, with where it stands. */
async function onWhat({ on, flagged }: Word, reader: string): Promise<() => ReactNode> {
	const t = await words("moderation");
	// The verdict on flags answers one of them; what it is about is the message below it.
	const about = flagged ?? on;
	if (!about) return () => null;
	const { message_id, operation, sender } = about;
	const own = sender === reader;
	const name = own ? (operation in NAMES ? (operation as "board:need") : "other") : "theirs";
	const place = ["board:need", "board:offer"].includes(operation)
		? `/posts/${message_id}`
		: `/messages/${message_id}`;
	return () => <a href={place}>{t(`words.on.${name}`)}</a>;
}

const NAMES = {
	"board:need": 1,
	"board:offer": 1,
	"board:revise": 1,
	"board:respond": 1,
	"board:close": 1,
	"board:note": 1,
	"board:contest": 1,
	"board:flag": 1,
	"exchange:put": 1,
	"agent:profile": 1,
};

async function force({ until }: Word): Promise<ReactNode> {
	const t = await words("moderation");
	return until === null
		? t("words.force.open")
		: t.rich("words.force.until", { when: () => <Time at={until} /> });
}

/** What they said against it, and what became of that. */
async function Appealed({ of: appeal }: { of: Appeal }) {
	const [t, common] = await Promise.all([words("moderation"), words("common")]);
	const { status, ruled_by, ruled_at, reason } = appeal;
	return (
		<div className="flex flex-col gap-1.5 border-line border-l pl-4 text-sm">
			<p>{t.rich("appeal.yours", { when: () => <Time at={appeal.at} /> })}</p>
			<ClaimText by={common("claimSender")}>{appeal.text}</ClaimText>
			{status === "open" ? (
				<p className="text-quiet">{t("appeal.open")}</p>
			) : (
				<>
					<p>
						{t.rich(`appeal.${status}`, {
							link: (said) => <a href={`/messages/${ruled_by}`}>{said}</a>,
							when: () => <Time at={ruled_at!} />,
						})}
					</p>
					<ClaimText by={common("waits.operator")}>{reason ?? ""}</ClaimText>
				</>
			)}
		</div>
	);
}
