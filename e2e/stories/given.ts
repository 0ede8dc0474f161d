import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { connect as postgres } from "../../db/client";
import { startEmbedded } from "../../db/embedded";
import { newKey } from "../../lib/client/compose";
import { connect, type Exchange } from "../../lib/client/connect";
import { started } from "../started";

export { expect };

/**
 * The started product with its demo story, and a house operator who acts over HTTP. While one works on a page: STORIES_AT is the
 * address of a product that runs already, STORIES_OPERATOR the secret of a house operator of it,
 * STORIES_DATA its DATA_DIR.
 */
export interface Market {
	url: string;
	operator: Exchange;
	/** An agent who trades over HTTP, with this much scrip at hand. */
	agent(scrip?: number): Promise<Exchange>;
	mint(key: string, scrip: number): Promise<void>;
	/** The tables of the database in which this text stands anywhere; asked of the database itself. */
	holds(text: string): Promise<string[]>;
}

/** Somebody at a browser of their own. */
export interface Person {
	page: Page;
	/** Goes to an address of the exchange. */
	opens(path: string): Promise<void>;
	/** Makes a key in this browser and is signed in with it; gives the key. */
	makesAKey(name: string): Promise<string>;
	/** Brings in a key that was made elsewhere and signs in with it. */
	bringsIn(secret: string, name: string): Promise<void>;
	/** Reads the sentence that says so, then signs. */
	signs(button: string | RegExp): Promise<void>;
	/** What the browser complained about; nothing, else the test fails at its end. */
	complaints: string[];
}

export const test = base.extend<
	{ person: (options?: Parameters<BrowserOpener>[0]) => Promise<Person> },
	{ market: Market }
>({
	market: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures off this pattern
		async ({}, use) => {
			const { STORIES_AT, STORIES_OPERATOR } = process.env;
			const house = newKey(STORIES_OPERATOR);
			const product = STORIES_AT
				? undefined
				: await started({ DEMO: "1", OPERATORS: house.key, TRUSTED_PROXIES: "127.0.0.1" });
			const url = STORIES_AT ?? product!.url;
			const operator = await connect(url, house);
			const market: Market = {
				url,
				operator,
				async mint(key, scrip) {
					await operator.send("scrip:mint", {
						recipient: key,
						amount: scrip,
						reference: `story ${crypto.randomUUID()}`,
					});
				},
				async agent(scrip = 0) {
					const me = newKey();
					if (scrip > 0) await market.mint(me.key, scrip);
					return connect(url, me);
				},
				holds: (text) => tablesWith(text, product?.dataDir ?? process.env.STORIES_DATA!),
			};
			if (product) await told(operator);
			await use(market);
			await product?.remove();
		},
		{ scope: "worker", timeout: 900_000 },
	],

	person: async ({ browser, market }, use, info) => {
		// Each from an address of their own: all together sign in more often than one address may.
		const open: BrowserOpener = (options) =>
			browser.newContext({ extraHTTPHeaders: fromElsewhere(), ...options });
		const people: { person: Person; context: BrowserContext }[] = [];
		await use(async (options) => {
			const context = await open(options);
			const person = await personAt(await context.newPage(), market, info.outputDir);
			people.push({ person, context });
			return person;
		});
		const complaints = people.flatMap(({ person }) => person.complaints);
		await Promise.all(people.map(({ context }) => context.close()));
		expect(complaints).toEqual([]);
	},
});

async function tablesWith(text: string, dataDir: string): Promise<string[]> {
	const server = await startEmbedded({ dataDir, say: () => {} });
	const sql = postgres(server.url, { max: 1 });
	try {
		const tables = await sql`
			select table_schema || '.' || table_name as name, table_schema as schema, table_name as table
			from information_schema.tables where table_schema in ('public', 'views') and table_type = 'BASE TABLE'`;
		const held: string[] = [];
		for (const { name, schema, table } of tables) {
			const rows = await sql`
				select from ${sql(schema)}.${sql(table)} one where strpos(one::text, ${text}) > 0 limit 1`;
			if (rows.length > 0) held.push(name);
		}
		return held;
	} finally {
		await sql.end();
		// Joined, not started: it goes on.
		await server.stop();
	}
}

/** Until the demo story is over: its last message leaves no house operator behind. */
async function told(exchange: Exchange): Promise<void> {
	const over = new AbortController();
	await exchange.follow({ after: 0, tag: "operator:revoke", signal: over.signal }, () => over.abort());
}

let visitors = 0;
/** As a proxy says it, of the addresses kept for examples (RFC 5737). */
const fromElsewhere = () => ({ "X-Forwarded-For": `198.51.100.${++visitors % 250}` });

type BrowserOpener = (
	options?: Parameters<import("@playwright/test").Browser["newContext"]>[0],
) => Promise<BrowserContext>;

export async function personAt(page: Page, { url }: { url: string }, folder: string): Promise<Person> {
	const complaints = complaintsOf(page);
	const person: Person = {
		page,
		complaints,
		async opens(path) {
			await page.goto(`${url}${path}`);
		},
		async makesAKey(name) {
			await person.opens("/keys");
			await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
			const dialog = page.getByRole("dialog");
			await dialog.getByLabel("Name of this key").fill(name);
			await dialog.getByRole("button", { name: "Make a key" }).click();
			await expect(dialog).toBeHidden();
			await expect(page.getByText("signed in", { exact: true })).toBeVisible();
			const href = await page.getByRole("main").locator('a[href^="/agents/"]').first().getAttribute("href");
			return href!.slice("/agents/".length);
		},
		async bringsIn(secret, name) {
			const file = join(folder, `${name}.json`);
			await mkdir(folder, { recursive: true });
			await writeFile(file, JSON.stringify({ ...newKey(secret), name }));
			await person.opens("/keys");
			await page.getByRole("main").getByRole("button", { name: "I have a backup" }).click();
			const dialog = page.getByRole("dialog");
			await dialog.getByLabel("Backup file").setInputFiles(file);
			await dialog.getByRole("button", { name: "Open" }).click();
			await expect(dialog).toBeHidden();
			await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
			await expect(page.getByText("signed in", { exact: true })).toBeVisible();
		},
		async signs(button) {
			await page.getByRole("button", { name: button }).click();
			await expect(page.getByText(/Recorded as/).first()).toBeVisible();
		},
	};
	return person;
}

/** Fills in the form, sees what it would fetch, and signs. `before`: what is looked at between. */
export async function sells(
	{ page, opens }: Person,
	put: { content: string; description: string; cost: number; before?(): Promise<void> },
): Promise<void> {
	await opens("/sell");
	await page.getByLabel("The answer itself").fill(put.content);
	await page.getByLabel("What it does").fill(put.description);
	await page.getByLabel("What it cost you, in tokens").fill(String(put.cost));
	await page.getByRole("button", { name: "See what it would fetch" }).click();
	const sign = page.getByRole("button", { name: "Sell it" });
	await expect(sign).toBeVisible();
	await put.before?.();
	await sign.click();
	await expect(page.getByText("Recorded as")).toBeVisible();
}

export const PASSPHRASE = "four quite long words";

/** Saves the key that the open dialog offers to back up. */
export async function backedUp({ page }: Person, file: string): Promise<void> {
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Passphrase").fill(PASSPHRASE);
	const saved = page.waitForEvent("download");
	await dialog.getByRole("button", { name: "Save the backup" }).click();
	await (await saved).saveAs(file);
	await expect(dialog.getByText("Saved as")).toBeVisible();
}

/** Fonts are in, and whatever runs in the browser has had its turn. */
export async function settled(page: Page): Promise<void> {
	await page.evaluate(() => document.fonts.ready);
	await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 })));
}

/** All that a browser says is wrong with a page. */
export function complaintsOf(page: Page): string[] {
	const complaints: string[] = [];
	page.on("console", (message) => {
		const { url } = message.location();
		if (message.type() === "error" || message.type() === "warning")
			complaints.push(`${message.text()} ${url}`);
	});
	page.on("pageerror", (error) => complaints.push(error.message));
	return complaints;
}
