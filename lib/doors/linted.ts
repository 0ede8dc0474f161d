import { settingIn } from "../agents/read";
import { draftOf } from "../board/draft";
import type { Finding } from "../board/template/finding";
import { type Limits, type Linted, lint } from "../board/template/lint";
import { parseStrict } from "../log/json";
import type { Hosted } from "./hosted";

/** No post comes near this. */
const MOST_BYTES = 262_144;
const CARRIES_A_POST = /^board:(offer|need|revise)$/;

/**
 * What the linter says of a post that is about to be posted or revised, at the fields of the message that carries it; undefined
 * for every other message. RULES, "Linter": the one of form and paste box, in the dry run.
 */
export async function linted(house: Hosted, message: Uint8Array): Promise<Linted | undefined> {
	if (message.length > MOST_BYTES) return undefined;
	const parsed = parseStrict(message);
	const said = parsed.ok && (parsed.value as { tags?: unknown; payload?: unknown } | null);
	if (!said || !Array.isArray(said.tags) || typeof said.payload !== "object" || said.payload === null)
		return undefined;
	const [, verb] = said.tags.flatMap((tag) => CARRIES_A_POST.exec(String(tag)) ?? []);
	if (verb === undefined) return undefined;
	const payload = said.payload as Record<string, unknown>;
	const draft = draftOf(verb === "revise" ? payload : { ...payload, kind: verb });
	const { errors, hints } = lint(draft, await lintLimits(house));
	return { errors: errors.map(inPayload), hints: hints.map(inPayload) };
}

export async function lintLimits({ sql, now }: Hosted): Promise<Limits> {
	return { now: now(), windowMaxDays: await settingIn(sql, "board.window_max_days") };
}

const inPayload = (one: Finding): Finding => ({ ...one, field: `/payload${one.field}` });
