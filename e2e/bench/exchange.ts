/** The exchange under measure: the product's own house, API and server in one process; with PAGES, its pages too. */
import type { RequestListener } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildPages } from "../../lib/doors/build";
import { environment } from "../../lib/doors/environment";
import { open } from "../../lib/doors/open";
import { share } from "../../lib/doors/opened";
import { openPages } from "../../lib/doors/pages";
import { serve } from "../../lib/doors/serve";
import { processLog } from "../../lib/doors/tell";
import { answer } from "./child";

const settings = environment();
const began = performance.now();
const opened = await open(settings, processLog(settings.logLevel), (error) => {
	throw error;
});
const none: RequestListener = (_, response) => response.writeHead(404).end();
const next = process.env.PAGES ? await withPages() : undefined;
const serving = await serve({ ...settings, agents: opened.agents, pages: next?.pages ?? none });
const readyMs = performance.now() - began;

answer(
	{
		/** ms from loaded to listening. */
		readyMs: () => readyMs,
		key: () => opened.house.key,
		/** With all garbage collected: what ends with some of it may only be let go of in the next turn. */
		async memory() {
			setFlagsFromString("--expose-gc");
			const collect = runInNewContext("gc") as () => void;
			for (let i = 0; i < 4; i++) {
				collect();
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
			return process.memoryUsage();
		},
		health: () => opened.house.engine.health(),
	},
	async () => {
		await serving.close();
		await next?.close();
		await opened.close();
	},
);

async function withPages() {
	await buildPages(settings.dataDir, new AbortController().signal, () => {});
	share(opened);
	return openPages(settings);
}
