import { performance } from "node:perf_hooks";
import { compose } from "../../lib/client/compose";
import { packed } from "../../lib/exchange/engine/kept";
import { sha256Hex, utf8 } from "../../lib/log/bytes";
import type { Message } from "../../lib/log/message";
import { bundledEmbedder } from "../../lib/match/bundled-embedder";
import type { Embedder } from "../../lib/match/embedder";
import { entryText, windows } from "../../lib/match/text";
import { type Bench, cost, figure, quantile, type Setting, table, whereItGoes } from "./bench";
import { crowd, puts, words } from "./crowd";
import { type House, housed } from "./housed";
import type { Profile } from "./profile";
import { rich, ruled, send, sendAll } from "./trade";

/** What a buyer and a seller wait for. */
export const match: Bench = {
	name: "match",
	about:
		"From a buy to its match, and from a put to its put-accept, over HTTP, one after the other, the question or description embedded meanwhile.",

	async run(setting) {
		const { quick, print } = setting;
		const [sizes, asks] = quick ? [[100, 300], 20] : [[1_000, 10_000, 100_000], 200];
		const embedder = bundledEmbedder();
		const house = await housed(setting);
		const kin = await kinOf(embedder, quick ? 20 : 500);
		await embedder.close();
		print(
			`Entries are real puts through the door. Of their descriptions ${kin.length} were embedded; the others' vectors are these, disturbed, written to the table of kept vectors beforehand: 100,000 embeddings take an hour and are not what is measured. Questions, and the puts that are timed, are embedded as ever.\n`,
		);
		// 30 buys a minute an agent: all of these may be within one.
		const buyers = await rich(house, crowd(Math.ceil((2 * asks * sizes.length) / 30)));
		await house.restart();
		const empty = await house.exchange.ask<Memory>("memory");
		const rows: (string | number)[][] = [["match, ms", "p50", "p95", "aim"]];
		const told: string[] = [];
		let there = 0;
		for (const size of sizes) {
			// A slice at a time: what is signed is to be sent within minutes.
			for (let slice = 0; there < size; slice++) {
				const count = Math.min(SLICE, size - there);
				await stock(house, embedder.id, kin, puts(house.key, count, `stock ${size} ${slice}`));
				there += count;
			}
			await settled(setting, house, size);

			await house.restart();
			await settled(setting, house, size);
			const full = await house.exchange.ask<Memory>("memory");
			const each = (bytes: (memory: Memory) => number) => figure((bytes(full) - bytes(empty)) / there / 1024);
			told.push(
				`${figure(size)} entries, after garbage is collected: ${each(({ heapUsed, external }) => heapUsed + external)} KiB each are held beside the database (aim 2), ${each(({ heapUsed }) => heapUsed)} of them in the heap; the process that has just read them is ${each(({ rss }) => rss)} KiB each larger than one that has none, in all ${figure((full.rss - empty.rss) / 2 ** 20)} MiB above ${figure(empty.rss / 2 ** 20)}.`,
			);
			const bought = await timed(asks, (i) =>
				send(
					house,
					compose(buyers[i % buyers.length]!, house.key, "exchange:buy", {
						task: question(i, size),
						budget: 1_000,
					}),
				),
			);
			rows.push([`buy → match, ${figure(size)} entries`, ...percentiles(bought), AIMS[size] ?? ""]);
			const sellers = puts(house.key, asks, `timed ${size}`);
			const put = await timed(asks, (i) => send(house, sellers[i]!));
			there += asks;
			rows.push([`put → put-accept, ${figure(size)} entries`, ...percentiles(put), "p50 ≤ 100"]);
			await house.exchange.ask("profile");
			const spent = await cost(setting, house.exchange, asks, () =>
				timed(asks, (i) =>
					send(
						house,
						compose(buyers[i % buyers.length]!, house.key, "exchange:buy", {
							task: question(i + asks, size),
							budget: 1_000,
						}),
					),
				),
			);
			told.push(
				`buy → match, ${figure(size)} entries: ${whereItGoes(spent, await house.exchange.ask<Profile>("profiled"), 10)}`,
			);
		}
		print(table(rows));
		for (const line of told) print(`\n${line}`);
		await house.close();
	},
};

/** What a process says of itself, in bytes; `external` is what lies outside of the heap, typed arrays among it. */
type Memory = Pick<NodeJS.MemoryUsage, "rss" | "heapUsed" | "external">;

const SLICE = 2_000;

const AIMS: Record<number, string> = { 10000: "p95 ≤ 60", 100000: "p95 ≤ 150" };

/** Two in three are about something that is there. */
function question(i: number, size: number): string {
	return i % 3 === 0
		? `How do I ${words(`nothing ${i}`, 8)}?`
		: `I need ${words(`subject stock ${size} 0 ${(i * 7) % Math.min(SLICE, Math.floor(size / 2))}`, 8)}`;
}

async function timed(count: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
	const times: number[] = [];
	for (let i = 0; i < count; i++) {
		const began = performance.now();
		await work(i);
		times.push(performance.now() - began);
	}
	return times;
}

function percentiles(times: number[]): [string, string] {
	return [figure(quantile(times, 0.5)), figure(quantile(times, 0.95))];
}

/** Real vectors of descriptions like those that are put. */
async function kinOf(embedder: Embedder, count: number): Promise<Float32Array[]> {
	const vectors: Float32Array[] = [];
	for (let i = 0; i < count; i++) {
		const [vector] = await embedder.embed([`How ${words(`kin ${i}`, 8)} works`], "content");
		vectors.push(vector!);
	}
	return vectors;
}

/** Puts them with their vectors at hand, in batches, and waits for all rulings. */
async function stock(
	house: House,
	embedderId: string,
	kin: Float32Array[],
	messages: Message[],
): Promise<void> {
	const rows = messages.flatMap(({ payload }, i) => {
		const { description, domains } = payload as { description: string; domains: string[] };
		return windows(entryText(description, domains)).map((piece) => ({
			embedder: embedderId,
			sha256: sha256Hex(utf8(piece)),
			vectors: packed(disturbed(kin[i % kin.length]!, i)),
		}));
	});
	for (let at = 0; at < rows.length; at += 1_000)
		await house.sql`insert into vectors ${house.sql(rows.slice(at, at + 1_000))} on conflict do nothing`;
	await sendAll(house, messages);
	await ruled(house);
}

/** Another direction nearby, the same on every run; of length 1 again. */
function disturbed(vector: Float32Array, seed: number): Float32Array {
	const moved = vector.map((value, i) => value + 0.05 * Math.sin((seed + 1) * 12.9898 + i * 78.233));
	const length = Math.hypot(...moved);
	return moved.map((value) => value / length);
}

/** Until all that is live can be found by its meaning. */
async function settled(setting: Setting, house: House, size: number): Promise<void> {
	for (;;) {
		const health = await house.exchange.ask<{ entries: number; unembedded: number; ready: boolean }>(
			"health",
		);
		if (health.unembedded === 0 && health.entries >= size * 0.9) break;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	const [row] = await house.sql`select count(*) from views.entries where status = 'live'`;
	setting.print(`${row!.count} live entries.`);
}
