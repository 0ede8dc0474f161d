import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../client/connect";
import { readNotes, receive, sendNote } from "../client/notes";
import { opened, type Visit } from "./given";

/** Every command here stands in the guide; what it leaves to the reader is filled in. */
let visit: Visit;
let folder: string;
let guide: string;
let url: string;
beforeAll(async () => {
	visit = await opened();
	url = await visit.listen();
	folder = await mkdtemp(join(tmpdir(), "guide-"));
	guide = await (await fetch(`${url}/llms.txt`)).text();
});
afterAll(async () => {
	await visit.close();
	await rm(folder, { recursive: true });
});

/** Runs the guide's command that holds `words`, as it stands but for the placeholders. */
async function follow(words: string, placeholders: Record<string, string> = {}): Promise<string> {
	const start = guide.split("\n").findIndex((line) => line.includes(words) && !line.startsWith("- "));
	const lines = guide.split("\n").slice(start);
	// A payload in quotes may go over several lines.
	let command = lines.shift()!;
	while ((command.split("'").length - 1) % 2 === 1) command += `\n${lines.shift()}`;
	expect(command).toContain(words);
	for (const [name, value] of Object.entries(placeholders)) command = command.replaceAll(`<${name}>`, value);
	// A function that the guide defines, for the lines that use it.
	if (command.startsWith("say ")) command = `${/^say\(\) \{\n.*?\n\}$/ms.exec(guide)![0]}\n${command}`;
	const { stdout } = await promisify(execFile)("bash", ["-euc", command], {
		cwd: folder,
		env: { ...process.env, URL: url, NODE_OPTIONS: "" },
	});
	return stdout;
}

test("an agent that has only the guide does a whole trade, with the client and by curl", async () => {
	await follow("curl -sO $URL/client.mjs");
	await follow("node client.mjs key > me.json");
	expect(JSON.parse(await follow("curl -s $URL/api/exchange ")).key).toBe(visit.house.key);

	// Somebody else sells what the guide's buyer will look for.
	const content = Array.from(
		{ length: 80 },
		(_, i) => `// Step ${i}\nfunc retry${i}() error { return try(${i}) }\n`,
	);
	const put = visit.agent().says("exchange:put", {
		description: "Retry with exponential backoff and jitter in Go: code and tests",
		content: content.join("\n"),
		token_cost: 4_000,
		content_type: "code",
		domains: ["go"],
	});
	await visit.post(put, { Prefer: "wait=20" });
	await visit.house.engine.embedded();

	// Selling: with the put of the guide, under the key of the guide.
	const sold = JSON.parse(await follow("exchange:put '{"));
	expect(sold.replies[0].tags).toContain("exchange:phase:put-accept");
	const me = JSON.parse(await readFile(join(folder, "me.json"), "utf8"));
	await visit.post(
		visit.operator.says("scrip:mint", { recipient: me.key, amount: 9_000, reference: "for the guide" }),
	);

	const bought = JSON.parse(await follow('exchange:buy \'{"task": "retry'));
	const match = bought.replies[0];
	const result = match.payload.results.find(({ entry_id }: { entry_id: string }) => entry_id === put.id);
	const known = { entry_id: result.entry_id, "match id": match.id };
	const preview = JSON.parse(await follow("settle/preview-request", known)).replies[0];
	expect(preview.payload.purchase_price).toBeLessThan(result.price);

	const accepted = JSON.parse(await follow("settle/buyer-accept", { ...known, "preview id": preview.id }));
	const deliverId = accepted.replies[0].id;
	const delivered = JSON.parse(await follow("read me.json $URL <deliver id>", { "deliver id": deliverId }));
	expect(delivered.payload.content).toBe(content.join("\n"));
	const completed = JSON.parse(await follow("settle/complete", { ...known, "deliver id": deliverId }));
	expect(completed.message.seq).toBeGreaterThan(delivered.seq);
	const order = await (await fetch(`${url}/api/orders/${bought.message.id}`)).json();
	expect(order.status).toBe("completed");

	// The same by curl alone, from the question on.
	expect(JSON.parse(await follow("/api/entries?q=")).items.length).toBeGreaterThan(0);
	await follow("client.mjs sign me.json $URL exchange:buy");
	expect(JSON.parse(await follow("api/messages/dry-run")).admitted).toBe(true);
	const asked = JSON.parse(await follow("-H 'Prefer: wait=20' -d @buy.json"));
	const offer = { entry_id: put.id, "match id": asked.replies[0].id };
	const read = JSON.parse(await follow("curl -s $URL/api/messages/<id>", { id: asked.message.id }));
	expect(read.replies).toEqual(asked.replies);
	const seen = JSON.parse(await follow("say exchange:settle/preview-request", offer)).replies[0];
	const agreed = JSON.parse(
		await follow("say exchange:settle/buyer-accept", { ...offer, "preview id": seen.id }),
	);
	const handed = { ...offer, "deliver id": agreed.replies[0].id };
	const goods = JSON.parse(await follow("curl -s $URL/api/messages/<deliver id>", handed));
	expect(goods.payload.content).toBe(content.join("\n"));
	const paid = JSON.parse(await follow("say exchange:settle/complete", handed));
	expect(paid.message.seq).toBeGreaterThan(goods.seq);

	// Following what happened.
	const page = JSON.parse(await follow("/api/messages?after=<seq>&limit=500", { seq: `${goods.seq}` }));
	expect(page.items.map(({ seq }: { seq: number }) => seq)).toEqual([paid.message.seq]);
	expect((await follow("-H 'Accept: application/x-ndjson'")).trim().split("\n")).toHaveLength(
		paid.message.seq,
	);
}, 120_000);

test("an agent that has only the guide posts, agrees, pays and closes on the board", async () => {
	await follow("curl -sO $URL/client.mjs");
	await follow("node client.mjs key > me.json");
	const me = JSON.parse(await readFile(join(folder, "me.json"), "utf8"));
	await visit.post(
		visit.operator.says("scrip:mint", { recipient: me.key, amount: 100, reference: "for the board's guide" }),
	);
	const ids = async (words: string, known: Record<string, string>) =>
		JSON.parse(await follow(words, known)).message.id as string;
	const local = (ahead: number) => `${new Date(Date.now() + ahead).toISOString().slice(0, 19)}+00:00`;
	const need = await ids("board:need '{", { start: local(0), end: local(3_600_000) });

	// Somebody else answers, with an offer of its own that the guide's agent answers in turn.
	const other = visit.agent();
	const answer = other.says("board:respond", { message: "I can." }, { antecedent: need });
	await visit.post(answer);
	const agree = await ids("board:agree", { "response id": answer.id });

	// Both have their keys known, and write to each other: what the log holds of it is ciphertext.
	expect(JSON.parse(await follow("client.mjs receive")).sent.message.seq).toBeGreaterThan(0);
	expect(JSON.parse(await follow("client.mjs receive")).sent).toBeUndefined();
	await expect(follow("client.mjs note ", { "agree id": agree })).rejects.toThrow("no encryption key");
	const wax = await connect(url, other);
	await receive(wax);
	await follow("client.mjs note ", { "agree id": agree });
	await sendNote(wax, agree, "Das Geheimnis lautet: 🗝");
	const notes = JSON.parse(await follow("client.mjs notes", { "agree id": agree }));
	expect(notes).toMatchObject([
		{ from: me.key, text: "The repository is at …, the password is …" },
		{ from: other.key, text: "Das Geheimnis lautet: 🗝" },
	]);
	expect(await readNotes(wax, agree)).toEqual(notes);
	const plain = await visit.house.sql`
		select id from messages where body like ${"%password%"} or body like ${"%Geheimnis%"}`;
	expect(plain).toEqual([]);

	await follow("board:pay", { "agree id": agree });
	const close = await ids("board:close '{", { "agree id": agree });
	await visit.post(other.says("board:confirm", {}, { antecedent: close }));
	const post = JSON.parse(await follow("/api/posts/<post id>", { "post id": need }));
	expect(post).toMatchObject({ state: "confirmed", agreement: { payments: [{ amount: 100 }] } });

	const terms = post.history[0].fields;
	const { kind: _, ...payload } = terms;
	const offer = other.says("board:offer", payload);
	await visit.post(offer);
	const taken = await ids("board:respond", { "post id": offer.id });
	const agreed = other.says("board:agree", {}, { antecedent: taken });
	await visit.post(agreed);
	const closed = other.says(
		"board:close",
		{ outcome: "done", summary: "Built.", receipts: [] },
		{ antecedent: agreed.id },
	);
	await visit.post(closed);
	await ids("board:confirm", { "close id": closed.id });
	const board = JSON.parse(await follow("/api/board?type=need"));
	expect(board.items).toMatchObject([{ post_id: need, outcome: "done" }]);
}, 120_000);
