import { Hono } from "hono";
import * as z from "zod";
import { CAP, KINDS, RESOURCES, type Resource } from "../board/fields";
import { type LinesCursor, POST_STATES } from "../board/read";
import { noSuchPost } from "../board/refusals";
import { read } from "../board/template/read";
import { isWeek, weekOf } from "../board/week";
import { isZone } from "../board/zone";
import { instant, text } from "../log/field";
import { type Asked, type Env, json, lines, view } from "./answer";
import { ATOM, atom, FEED, type Feed, feed } from "./board-feeds";
import { readBody } from "./body";
import { headOf } from "./head";
import type { Hosted } from "./hosted";
import { DRY_RUNS } from "./limits";
import { lintLimits } from "./linted";
import { isRefusal, problem } from "./problem";
import { cursor, cursorAt, ID, limit, MAX_PAGE, query } from "./query";
import type { Questions } from "./questions";
import { rate } from "./rates";
import { plain } from "./show";
import { addressOf } from "./visitor";

const week = () => z.string().refine(isWeek, "must be an ISO 8601 week, as in 2026-W47").optional();
const zone = () =>
	z.string().refine(isZone, "must be an IANA zone as it is spelled, or UTC±hh:mm").optional();
const amount = () => z.string().regex(CAP, "must be an amount in digits").optional();
const moment = () =>
	instant()
		.transform((value) => Date.parse(value))
		.optional();

export const BOARD_QUERY = {
	week: week(),
	type: z.enum(KINDS).optional(),
	q: text(200).optional(),
	region: text(80).optional(),
	zone: zone(),
	from: moment(),
	until: moment(),
	resources: z
		.string()
		.regex(
			new RegExp(`^(${RESOURCES.join("|")})(,(${RESOURCES.join("|")}))*$`),
			`must be one or several of ${RESOURCES.join(", ")}, with commas`,
		)
		.transform((value) => value.split(",") as Resource[])
		.optional(),
	unit: text(32).optional(),
	min_budget: amount(),
	max_budget: amount(),
	state: z.enum([...POST_STATES, "at-risk"]).optional(),
	limit: limit(MAX_PAGE, 50),
	cursor: z
		.string()
		.regex(/^[A-Za-z0-9_-]{1,200}$/, "must be the `next` of the page before")
		.transform((value, context): LinesCursor => {
			const parts = Buffer.from(value, "base64url").toString().split(".").map(Number);
			const [place, seq, freshPlace, freshSeq, wrapped, pivot] = parts;
			if (parts.length === 6 && parts.every((part) => Number.isSafeInteger(part) && part >= 0))
				return {
					known: { place: place!, seq: seq! },
					fresh: { place: freshPlace!, seq: freshSeq!, wrapped: wrapped! > 0 },
					pivot: pivot!,
				};
			context.addIssue("must be the `next` of the page before");
			return z.NEVER;
		})
		.optional(),
};
export const WEEK_QUERY = { week: week() };
export const FEED_QUERY = { week: week(), limit: limit(MAX_PAGE, 50), cursor: cursor() };
/** `zone`: of a text that gives none. */
export const READ_QUERY = { zone: zone() };

/** The reader looks at 65,536 characters at most; whatever is longer is told so. */
const MOST_READ_BYTES = 262_144;

/** The board's questions, each at its address. */
export function boardViews(house: Hosted, questions: Questions): Hono<Env> {
	const app = new Hono<Env>();
	const counted = rate("board-read", DRY_RUNS.count, DRY_RUNS.windowMs);

	app.get("/api/board", async (c) => {
		const asked = query(c, BOARD_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { min_budget: minBudget, max_budget: maxBudget, ...rest } = asked;
		const { seq, found } = await questions.board({ ...rest, minBudget, maxBudget });
		return view(c, { ...found, next: found.next ? cursorOf(found.next) : null }, { seq });
	});

	app.get("/api/board.ndjson", async (c) => {
		const asked = query(c, WEEK_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const head = await headOf(house.readSql);
		return lines(inLines(house, questions, asked.week), { Seq: `${head}` });
	});

	app.post("/api/board/read", async (c) => {
		const asked = query(c, READ_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const body = await readBody(c, { "text/plain": MOST_READ_BYTES });
		if (isRefusal(body)) return problem(body);
		const { refused, headers } = await counted(addressOf(c, house.proxies));
		if (refused) return problem(refused, headers);
		const limits = await lintLimits(house);
		const text = new TextDecoder().decode(body.bytes);
		return json(read(text, { ...asked, week: weekOf(limits.now), ...limits }), { headers });
	});

	for (const [path, type, written] of [
		["/api/board.json", FEED, feed],
		["/api/board.atom", ATOM, atom],
	] as const)
		app.get(path, async (c) => {
			const asked = query(c, FEED_QUERY);
			if (isRefusal(asked)) return problem(asked);
			const { seq, found } = await questions.newest(asked.week, asked.cursor, asked.limit);
			const origin = house.publicUrl ?? new URL(c.req.url).origin;
			return view(c, written(origin, fedBy(c, path, asked, found)), { seq, type });
		});

	app.get("/api/posts/:id", async (c) => {
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchPost());
		const { seq, found } = await questions.post(id.data);
		if (!found) return problem(noSuchPost());
		const timeline = found.talk.map((one) => plain(house, one)).join(",");
		return view(c, `${JSON.stringify(found.post).slice(0, -1)},"timeline":[${timeline}]}`, { seq });
	});

	app.get("/api/posts/:id/suggestions", async (c) => {
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchPost());
		const { seq, found } = await questions.suggested(id.data);
		return found ? view(c, found, { seq }) : problem(noSuchPost());
	});

	app.get("/api/posts/:id/mirror", async (c) => {
		const id = ID.safeParse(c.req.param("id"));
		if (!id.success) return problem(noSuchPost());
		const { seq, found } = await questions.mirrored(id.data);
		return found ? view(c, found, { seq }) : problem(noSuchPost());
	});

	return app;
}

/** A week as feeds name it: where it is read, and where its earlier posts are. */
function fedBy(
	c: Asked,
	path: string,
	asked: z.infer<z.ZodObject<typeof FEED_QUERY>>,
	{ week, items, next }: Awaited<ReturnType<Questions["newest"]>>["found"],
): Feed {
	const at = (names: Record<string, string | undefined>) => {
		const given = Object.entries(names).filter((one): one is [string, string] => one[1] !== undefined);
		return `${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
	};
	const own = { week: asked.week, limit: new URL(c.req.url).searchParams.get("limit") ?? undefined };
	return {
		week,
		items,
		own: at(own),
		next: next === undefined ? undefined : at({ ...own, week, cursor: cursorAt(next) }),
	};
}

async function* inLines(
	house: Hosted,
	questions: Questions,
	week: string | undefined,
): AsyncGenerator<string> {
	for await (const one of questions.said(week)) yield plain(house, one);
}

export function cursorOf({ known, fresh, pivot }: LinesCursor): string {
	const parts = [known.place, known.seq, fresh.place, fresh.seq, fresh.wrapped ? 1 : 0, pivot];
	return Buffer.from(parts.join(".")).toString("base64url");
}
