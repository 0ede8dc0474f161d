/**
 * `npm run verify`: recomputes every id, signature, the tree and every view from the log, and compares, also with the checkpoints
 * kept beside the database. `-- --without-contents`: of a log that was imported to be looked at, whose texts stayed where they are.
 */
import { verifyLog } from "../log/replay";
import { checkpointsFile, keptHeads } from "./checkpoints";
import { overTheLog } from "./over-the-log";
import { chainIn } from "./signer";

const MOST_SHOWN = 100;

const WITHOUT_CONTENTS = "--without-contents";

await overTheLog(async ({ sql, machine, dataDir, progress }) => {
	const contents = !process.argv.includes(WITHOUT_CONTENTS);
	const kept = checkpointsFile(dataDir);
	const heads = await keptHeads(dataDir, machine.exchangeKey, await chainIn(sql, machine.exchangeKey));
	const { messages, root, tables, faults } = await verifyLog(sql, machine, progress, {
		heads,
		kept,
		contents,
	});
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	if (faults.length === 0)
		return {
			verdict: `Equal: ${messages} messages, each with its id, number, time and signature; the tree over them has root ${root} and continues ${heads.length} kept checkpoints; ${contents ? "" : "contents were not looked for; "}${rows} rows in ${tables.length} views are what the log makes of them.`,
			good: true,
		};
	const shown = faults.slice(0, MOST_SHOWN).map((fault) => `- ${fault}`);
	const more = faults.length - shown.length;
	return {
		verdict: [
			`Not equal: of ${messages} messages and ${rows} rows in ${tables.length} views, ${faults.length === 1 ? "one thing differs" : `${faults.length} things differ`}.`,
			...shown,
			...(more > 0 ? [`- and ${more} more`] : []),
			"What differs in views alone, npm run rebuild sets right; what differs in the log, a backup.",
		].join("\n"),
		good: false,
	};
});
