import { Hono } from "hono";
import { type Env, view } from "./answer";
import { guide } from "./guide";
import type { Hosted } from "./hosted";
import { openapi } from "./openapi";

/** What there is to read about this exchange; each is made once, from what the process runs by. */
export function documents(house: Hosted): Hono<Env> {
	const app = new Hono<Env>();
	let [description, text]: (string | undefined)[] = [];
	let client: Promise<string> | undefined;

	app.get("/api/openapi.json", (c) => {
		description ??= JSON.stringify(openapi(house.registry));
		return view(c, description);
	});

	app.get("/llms.txt", (c) => {
		text ??= guide(house.registry);
		return view(c, text, { type: "text/plain; charset=utf-8" });
	});

	app.get("/client.mjs", async (c) => {
		// Imported when it is asked for: the bundler is of no use to a process that never serves this file.
		client ??= import("../client/build").then(({ buildClient }) => buildClient());
		client.catch(() => {
			client = undefined;
		});
		return view(c, await client, { type: "text/javascript; charset=utf-8" });
	});

	return app;
}
