/** `npm run export FILE`: the whole log, a message a line, content detached: also of what is hidden. The exchange may run meanwhile. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { wire } from "../log/read";
import { recorded } from "../log/tail";
import { overTheLog } from "./over-the-log";

const PAGE = 1_000;

await overTheLog(async ({ sql, progress }) => {
	const [, , file] = process.argv;
	if (file === undefined) throw new Error("Say into which file: npm run export log.ndjson");
	const [head] = await sql`select seq from head`;
	const size = Number(head!.seq);
	// Never over something that is there.
	const out = createWriteStream(file, { flags: "wx" });
	await once(out, "open");
	for (let at = 0; at < size; ) {
		const page = await recorded(sql, at, size, PAGE);
		if (page.length === 0) throw new Error(`The log ends at ${at}: npm run verify says what else is wrong`);
		if (!out.write(`${page.map((one) => wire(one)).join("\n")}\n`)) await once(out, "drain");
		at = page.at(-1)!.seq;
		progress(at);
	}
	out.end();
	await once(out, "finish");
	return { verdict: `Exported: ${size} messages, into ${file}.`, good: true };
});
