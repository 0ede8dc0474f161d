import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isOperators, routes } from "./addresses";
import { expect, type Person, test } from "./given";

const CONSOLES = fileURLToPath(new URL("../../app/operator/(consoles)", import.meta.url));
/** Every table of the consoles that can be taken away as a file; read off the folders, so that a new one is on the list. */
const FILES = readdirSync(CONSOLES, { recursive: true, withFileTypes: true })
	.filter(({ name }) => name === "route.ts")
	.map(({ parentPath }) => `/operator/${relative(CONSOLES, parentPath).split(sep).join("/")}`);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Every act of the pages, by the id that Next gave it; out of the build, so that a new one is on the list. */
const acts = (): Record<string, { filename: string }> =>
	JSON.parse(readFileSync(join(ROOT, ".next/server/server-reference-manifest.json"), "utf8")).node;
/** Acts that need not ask whose page sends them: they tell what the asker may read anyway, or keep how his pages look. */
const HARMLESS = [
	"app/(site)/desk/watched.ts",
	"app/(site)/keys/recoverable.ts",
	"app/(site)/profile/holder.ts",
	"app/operator/waiting.ts",
	"app/preferences.ts",
	"app/waiting.ts",
];
const PAGES = routes().filter(isOperators);

test.describe("what house operators read", () => {
	test("nobody else gets, not by asking for the part of a page that a layout would guard", async ({
		person,
		market,
	}) => {
		const [house, nobody, agent] = [await person(), await person(), await person()];
		await house.bringsIn(market.operator.me!.secret, "house");
		await agent.makesAKey("Ada");

		for (const path of PAGES) {
			await house.opens(path);
			const own = (await house.page.getByRole("heading", { level: 1 }).textContent())!;
			for (const headers of partsOf(path)) {
				expect((await asks(house, market.url, path, headers)).text).toContain(own);
				for (const reader of [nobody, agent]) {
					const { status, text } = await asks(reader, market.url, path, headers);
					const shown = text.includes(`>${own}<`) || text.includes(`"${own}"`);
					expect([path, headers, status, shown]).toEqual([path, headers, 200, false]);
				}
			}
		}
		for (const path of FILES) {
			expect([path, (await asks(house, market.url, path, {})).status]).toEqual([path, 200]);
			for (const reader of [nobody, agent])
				expect([path, (await asks(reader, market.url, path, {})).status]).toEqual([path, 403]);
		}
	});

	test("no page takes an act that another site's page, or no page at all, has sent", async ({
		person,
		market,
	}) => {
		const agent = await person();
		await agent.makesAKey("Ada");
		const { page } = agent;
		const sends = async (path: string, headers: Record<string, string>, method = "POST") => {
			const answer = await page.request.fetch(`${market.url}${path}`, { method, headers, data: "[]" });
			return [answer.status(), (await answer.json()).code];
		};
		const act = { "Next-Action": "0".repeat(42), "Content-Type": "text/plain" };
		const others: Record<string, string>[] = [
			{ Origin: "https://elsewhere.example" },
			{ Origin: "null" },
			{},
		];
		for (const path of ["/sell", "/api/auth/callback/key"])
			for (const origin of others)
				expect(await sends(path, { ...act, ...origin })).toEqual([403, "wrong-origin"]);
		for (const id of Object.keys(acts()))
			for (const origin of others)
				expect(await sends("/keys", { ...act, ...origin, "Next-Action": id })).toEqual([403, "wrong-origin"]);
		await page.reload();
		await expect(page.getByText("signed in", { exact: true })).toBeVisible();

		const own = { Origin: market.url };
		for (const path of ["/sell", "/api/auth/callback/key"])
			expect(await sends(path, { ...own, "Content-Type": "application/json" })).toEqual([
				415,
				"type-not-taken",
			]);
		expect(await sends("/sell", own, "PUT")).toEqual([405, "method-not-allowed"]);
	});
});

test("each act of the pages asks itself as well whose page sends it, whoever served it", () => {
	const files = [...new Set(Object.values(acts()).map(({ filename }) => filename))];
	const silent = files.filter((file) => !readFileSync(join(ROOT, file), "utf8").includes("fromHere()"));
	expect(silent.sort()).toEqual(HARMLESS);
});

/** How a page is asked for: whole, and by what says that it has all of it but its innermost part, as Next's own router can. */
function partsOf(path: string): Record<string, string>[] {
	const names = path.split("/").filter(Boolean);
	const below = (rest: string[]): unknown =>
		rest.length === 0 ? ["__PAGE__", {}, null, "refetch"] : [rest[0], { children: below(rest.slice(1)) }];
	const grouped = [names[0], { children: ["(consoles)", { children: below(names.slice(1)) }] }];
	const state = (tree: unknown) => ({
		RSC: "1",
		"Next-Router-State-Tree": encodeURIComponent(JSON.stringify(tree)),
	});
	return [
		{},
		{ "X-Middleware-Subrequest": "middleware:middleware:middleware:middleware:middleware" },
		{ RSC: "1" },
		state(["", { children: grouped }, null, null, 16]),
		// What Next could not read.
		state(["", { children: grouped }, null, null, true]),
		{ RSC: "1", "Next-Router-State-Tree": "%" },
	];
}

async function asks(
	{ page }: Person,
	url: string,
	path: string,
	headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
	const answer = await page.request.get(`${url}${path}`, { headers });
	return { status: answer.status(), text: await answer.text() };
}
