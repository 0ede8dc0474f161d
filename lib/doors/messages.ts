import { Hono } from "hono";
import { MAX_MESSAGE_BYTES } from "../log/door";
import { id as idField, key as keyField } from "../log/field";
import { limitHeaders } from "../log/limits";
import { type Filter, page } from "../log/read";
import type { Refusal } from "../log/refusal";
import { answered } from "../log/submit";
import { together } from "../log/together";
import { type Env, lines, type Plain, plainJson, responseOf, view } from "./answer";
import { batch, MAX_BATCH_BYTES } from "./batch";
import { readBody } from "./body";
import { headOf } from "./head";
import type { Hosted } from "./hosted";
import { MAX_WAIT_SECONDS } from "./limits";
import { isRefusal, plainProblem, problem, unknownMessage } from "./problem";
import { ID, limit, place, query, tagParam } from "./query";
import { reader } from "./sessions";
import { plain, sent, show } from "./show";

const PAGE = 500;

export const LOG_QUERY = {
	after: place().default(0),
	/** The `next` of the page before; it wins over `after`, which the address may still hold. */
	cursor: place().optional(),
	limit: limit(PAGE, 100),
	tag: tagParam().optional(),
	sender: keyField().optional(),
	antecedent: idField().optional(),
};

/** Sending to the log, and reading it. */
export function messages(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();
	const one = together((ids: string[]) => answered(house.sql, ids));

	app.post("/api/messages", async (c) => {
		const body = await readBody(c, {
			"application/json": MAX_MESSAGE_BYTES,
			"application/x-ndjson": MAX_BATCH_BYTES,
		});
		if (isRefusal(body)) return problem(body);
		// A session that is none (401) is told after what is wrong with the message itself (400, 422).
		const who = await reader(house, c);
		const { key, unless }: { key?: string; unless?: Refusal } = isRefusal(who) ? { unless: who } : who;
		if (body.type === "application/x-ndjson") {
			const answers = batch(house, key, body.bytes, unless);
			return isRefusal(answers) ? problem(answers) : lines(answers);
		}
		const wait = preferredWait(c.req.header("Prefer"));
		return responseOf(await submitted(house, body.bytes, { wait, key, unless }));
	});

	app.get("/api/messages", async (c) => {
		const asked = query(c, LOG_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { after, cursor, limit: count, ...filter } = asked;
		const from = cursor ?? after;
		const head = await headOf(house.sql);
		if (c.req.header("Accept")?.includes("application/x-ndjson")) {
			const most = c.req.query("limit") === undefined ? Number.POSITIVE_INFINITY : count;
			return lines(inLines(house, filter, from, head, most), { Seq: `${head}` });
		}
		const { messages, reached } = await page(house.sql, house.registry, filter, from, head, count);
		const items = messages.map((one) => plain(house, one));
		const next = reached < head ? reached : null;
		return view(c, `{"items":[${items.join(",")}],"next":${next}}`, { seq: head });
	});

	app.get("/api/messages/:id", async (c) => {
		const who = await reader(house, c);
		if (isRefusal(who)) return problem(who);
		const known = ID.safeParse(c.req.param("id"));
		const found = known.success ? await one(known.data) : undefined;
		if (!found) return problem(unknownMessage());
		const all = [found.message, ...found.replies];
		// What is withheld is heard of along the log: before that, this answer is of the moment alone.
		const timeless = house.tail.seq >= found.seq && !all.some(({ id }) => house.withheld.ends(id));
		const { messages, personal } = await show(house, who.key, all);
		const [own, ...others] = messages;
		return view(c, `${own!.slice(0, -1)},"replies":[${others.join(",")}]}`, {
			seq: found.seq,
			headers: personal ? { "Cache-Control": "no-store" } : {},
			timeless,
		});
	});

	return app;
}

/** One message as it came, and its answer. `wait`: seconds to hold for the exchange's answer; `key`: whose session sent it. */
export async function submitted(
	house: Hosted,
	bytes: Uint8Array,
	{ wait, key, unless }: { wait?: number; key?: string; unless?: Refusal },
): Promise<Plain> {
	const reply = await house.door.submit(bytes, (wait ?? 0) * 1000, unless);
	const headers: Record<string, string> = reply.standing ? limitHeaders(reply.standing) : {};
	if (wait !== undefined) headers["Preference-Applied"] = `wait=${wait}`;
	if (reply.refusal) return plainProblem(reply.refusal, headers);
	return plainJson(await sent(house, key, reply), {
		status: reply.status,
		headers: reply.status === 200 ? { ...headers, Replayed: "true" } : headers,
	});
}

/** Seconds of `Prefer: wait=N` (RFC 7240); undefined when it is not asked for, or not a number: preferences are never refused. */
export function preferredWait(prefer = ""): number | undefined {
	const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])/i.exec(prefer) ?? [];
	return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** The log up to the head of the moment at which it was asked for, one message a line; `most` of them if it is told. */
async function* inLines(
	house: Hosted,
	filter: Filter,
	after: number,
	head: number,
	most: number,
): AsyncGenerator<string> {
	let left = most;
	for (let at = after; at < head && left > 0; ) {
		const size = Math.min(PAGE, left);
		const { messages, reached } = await page(house.sql, house.registry, filter, at, head, size);
		for (const one of messages) yield plain(house, one);
		left -= messages.length;
		at = reached;
	}
}
