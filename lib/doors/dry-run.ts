import { Hono } from "hono";
import { scores } from "../../db/schema/exchange";
import { duties } from "../../db/schema/log";
import { purses } from "../../db/schema/scrip";
import { readsAll } from "../agents/owner";
import { score } from "../exchange/rules/reputation";
import { ask, type Trial, tryOut } from "../log/ask";
import { MAX_MESSAGE_BYTES, readDraft } from "../log/door";
import type { Candidate } from "../log/machine";
import type { Content } from "../log/message";
import { BURNED, ISSUED, TREASURY } from "../scrip/purse";
import { type Env, json } from "./answer";
import { readBody } from "./body";
import type { Hosted } from "./hosted";
import { DRY_RUNS } from "./limits";
import { linted } from "./linted";
import { objectOf } from "./objects";
import { isRefusal, problem } from "./problem";
import { rate } from "./rates";
import { reader } from "./sessions";
import { addressOf } from "./visitor";

/** `POST /api/messages/dry-run`: what would happen, by the same judgement, with nothing kept. */
export function dryRun(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();
	const counted = rate("dry-run", DRY_RUNS.count, DRY_RUNS.windowMs);

	app.post("/api/messages/dry-run", async (c) => {
		const body = await readBody(c, { "application/json": MAX_MESSAGE_BYTES });
		if (isRefusal(body)) return problem(body);
		const now = house.now();
		const judged = readDraft(house.registry, house.key, body.bytes, now);
		const lint = await linted(house, body.bytes);
		if (judged.refusal) return problem(judged.refusal, {}, lint);
		const who = await reader(house, c);
		if (isRefusal(who)) return problem(who);
		const { candidate, isDraft } = judged;
		// A draft proves no sender: counted with where it comes from, it uses up nobody else's share.
		const agent =
			who.key ?? (isDraft ? `${candidate.sender} ${addressOf(c, house.proxies)}` : candidate.sender);
		const { refused, headers } = await counted(agent);
		if (refused) return problem(refused, headers);
		const foreseen = await foresee(house, judged);
		const trial = await tryOut(house.sql, house.machine, candidate, now, foreseen);
		const { outcome } = trial;
		if (outcome.kind === "refused") return problem(outcome.refusal, headers, lint);
		if (outcome.kind === "known") headers.Replayed = "true";
		const { answer: sees } = await ask(
			house.sql,
			house.machine,
			(state) => who.key !== undefined && readsAll(state, who.key),
		);
		return json(
			{
				admitted: true,
				effects: effects(trial, sees ? "all" : who.key),
				answers: trial.answers,
				...(lint && { hints: lint.hints }),
			},
			{ headers },
		);
	});

	return app;
}

/** What the exchange's answers to it need to know beforehand. */
async function foresee(
	{ machine, engine }: Hosted,
	{ candidate, contents }: { candidate: Candidate; contents: Content[] },
): Promise<Map<string, unknown>> {
	const texts = new Map(contents.map(({ sha256, text }) => [sha256, text]));
	const foreseen = new Map<string, unknown>();
	for (const kind of candidate.operation.awaits) {
		const answer = machine.answerOf({ kind })?.answer;
		if (answer?.foresee) foreseen.set(kind, await answer.foresee(candidate, texts, engine.ports as never));
	}
	return foreseen;
}

/** `purses` in micro-scrip: the system's own, which are public, and those that the reader may see. */
function effects({ outcome, changes }: Trial, sees: "all" | string | undefined) {
	if (outcome.kind !== "logged") return { purses: [], reputation: [], objects: [], owed: [] };
	const of = (table: unknown) => changes.filter(({ shape }) => shape.table === table);
	const shown = (owner: unknown) =>
		sees === "all" || owner === sees || [TREASURY, ISSUED, BURNED].includes(owner as string);
	const now = outcome.logged.slice(1).map(({ act }) => act.operation);
	const later = of(duties).flatMap(({ after }) => (after ? [after.kind as string] : []));
	return {
		purses: of(purses)
			.map(({ before, after }) => ({
				owner: (after ?? before)!.owner,
				purse: (after ?? before)!.purse,
				before: Number(before?.amount ?? 0n),
				after: Number(after?.amount ?? 0n),
			}))
			.filter(({ owner, before, after }) => shown(owner) && before !== after),
		reputation: of(scores)
			.map(({ before, after }) => ({
				agent: (after ?? before)!.seller,
				before: score((before?.sum as number | undefined) ?? 0),
				after: score((after?.sum as number | undefined) ?? 0),
			}))
			.filter(({ before, after }) => before !== after),
		objects: changes.flatMap(({ shape, before, after }) => objectOf(shape, before, after)),
		owed: [...new Set([...now, ...later])],
	};
}
