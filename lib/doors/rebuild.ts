/** `npm run rebuild`: folds the log into fresh views and swaps them in; the exchange may run meanwhile. */
import { migrate } from "../../db/migrate";
import { rebuild } from "../log/replay";
import { overTheLog } from "./over-the-log";

await overTheLog(async ({ url, sql, machine, progress }) => {
	await migrate(url);
	const { messages, rows, epoch } = await rebuild(sql, machine, progress);
	return {
		verdict: `Rebuilt: ${messages} messages folded into ${rows} rows, swapped in as epoch ${epoch}.`,
		good: true,
	};
});
