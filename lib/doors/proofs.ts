import { type Context, Hono } from "hono";
import { base64, concat, unhex } from "../log/bytes";
import { leafData, root, signCheckpoint } from "../log/proof";
import { refusal } from "../log/refusal";
import { byIds } from "../log/submit";
import { TILE } from "../log/tree";
import { ALWAYS, type Env, view } from "./answer";
import type { Hosted } from "./hosted";
import { badParameter, isRefusal, problem, unknownMessage } from "./problem";
import { ID, query, whole } from "./query";
import { headToSign } from "./signer";

export const noSuchTile = refusal(
	"no-such-tile",
	404,
	"The tree of the log has no such tile.",
	"GET /api/checkpoint says how many leaves there are; tiles are addressed as C2SP tlog-tiles says, and one that is not full has its width at the end: tile/0/000.p/17.",
);

/** A size of the tree that the exchange has signed before. */
export const CONSISTENCY_QUERY = { from: whole(1, Number.MAX_SAFE_INTEGER) };

/** The log as one tree that cannot be changed unnoticed: its signed head, and what leads there. C2SP tlog-tiles below /api. */
export function proofs(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();
	const { tree } = house;

	app.get("/api/checkpoint", async (c) => {
		const { size, note } = await checkpoint(house);
		return view(c, note, { seq: size, type: "text/plain; charset=utf-8" });
	});

	app.get("/api/checkpoint/consistency", async (c) => {
		const asked = query(c, CONSISTENCY_QUERY);
		if (isRefusal(asked)) return problem(asked);
		const { size, note } = await checkpoint(house);
		if (asked.from > size)
			return problem(
				badParameter({ field: "/from", detail: `The log has ${size} messages: from is at most that.` }),
			);
		const hashes = await tree.consistency(asked.from, size);
		const proof = { from_size: asked.from, tree_size: size, hashes: hashes.map(base64), checkpoint: note };
		return view(c, proof, { seq: size });
	});

	app.get("/api/messages/:id/proof", async (c) => {
		const known = ID.safeParse(c.req.param("id"));
		const [message] = known.success ? await byIds(house.sql, [known.data]) : [];
		if (!message) return problem(unknownMessage());
		// After the message: the checkpoint then covers it.
		const { size, note } = await checkpoint(house);
		const leafIndex = message.seq - 1;
		const hashes = await tree.inclusion(leafIndex, size);
		const proof = {
			leaf_index: leafIndex,
			tree_size: size,
			hashes: hashes.map(base64),
			checkpoint: note,
		};
		return view(c, proof, { seq: size });
	});

	app.get("/api/tile/:level/:index{.+}", async (c) => {
		const asked = tileAt(c.req.param("level"), c.req.param("index"));
		if (!asked) return problem(noSuchTile());
		const size = await sizeOf(house);
		const bytes =
			asked.level === "entries"
				? await entries(house, asked, size)
				: await tree
						.tile({ ...asked, level: asked.level }, size)
						.then((hashes) => hashes && concat(...hashes));
		return bytes ? tile(c, bytes) : problem(noSuchTile());
	});

	return app;
}

/** The head of the tree as the exchange signs it now. */
export async function checkpoint({
	sql,
	key,
	signer,
}: Pick<Hosted, "sql" | "key" | "signer">): Promise<{ size: number; note: string }> {
	const { size, frontier, signer: inForce } = (await headToSign(sql))!;
	const head = { size, root: root({ size, hashes: frontier.map((hash) => unhex(hash)!) }) };
	return { size, note: signCheckpoint(key, head, inForce, signer.secretOf(inForce)) };
}

async function sizeOf({ sql }: Hosted): Promise<number> {
	const [head] = await sql`select seq from head`;
	return Number(head!.seq);
}

interface Tile {
	level: number | "entries";
	index: number;
	/** Hashes or entries in it: 256 when it is full. */
	width: number;
}

/** A tile's address: the index in groups of three digits, all but the last with an x before them, and the width of one that is not full. */
export function tileAt(level: string, rest: string): Tile | undefined {
	const [, groups, width] = /^((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(rest) ?? [];
	// One address a tile: no group of zeros in front.
	if (groups === undefined || groups.startsWith("x000") || Number(width ?? 1) >= TILE) return undefined;
	if (level !== "entries" && !/^(\d|[1-5]\d|6[0-3])$/.test(level)) return undefined;
	return {
		level: level === "entries" ? level : Number(level),
		index: Number(groups.replace(/[x/]/g, "")),
		width: width === undefined ? TILE : Number(width),
	};
}

/** An entry bundle: each leaf's data, its length in two bytes before it. */
async function entries(
	{ sql }: Hosted,
	{ index, width }: Tile,
	size: number,
): Promise<Uint8Array | undefined> {
	const from = index * TILE;
	if (size < from + width) return undefined;
	const rows = await sql`
		select id, received_at from messages where seq > ${from} and seq <= ${from + width} order by seq`;
	return concat(
		...rows.flatMap(({ id, received_at }) => {
			const data = leafData(id, Number(received_at));
			return [Uint8Array.of(0, data.length), data];
		}),
	);
}

/** What is complete never changes, of a full tile or of a part. */
function tile(c: Context<Env>, bytes: Uint8Array): Response {
	const headers = {
		...ALWAYS,
		"Content-Type": "application/octet-stream",
		"Cache-Control": "public, max-age=31536000, immutable",
	};
	return c.body(Uint8Array.from(bytes), 200, headers);
}
