/** The exchange under measure: the product's own house, API and server in one process, without the pages. */
import { environment } from "../../lib/doors/environment";
import { open } from "../../lib/doors/open";
import { serve } from "../../lib/doors/serve";
import { processLog } from "../../lib/doors/tell";
import { answer } from "./child";

const settings = environment();
const began = performance.now();
const opened = await open(settings, processLog(settings.logLevel), (error) => {
	throw error;
});
const serving = await serve({
	...settings,
	api: opened.api,
	pages: (_, response) => response.writeHead(404).end(),
});
const readyMs = performance.now() - began;

answer(
	{
		/** ms from loaded to listening. */
		readyMs: () => readyMs,
		key: () => opened.house.key,
		health: () => opened.house.engine.health(),
	},
	async () => {
		await serving.close();
		await opened.close();
	},
);
