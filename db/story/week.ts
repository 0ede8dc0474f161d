import { board } from "./board";
import { type Name, SHELF } from "./shelf";
import { Agent, type Telling } from "./telling";

export const HOUSE_OPERATOR = "marlow";

/**
 * A week of two owners, told from its first message by an agent to its last. All of it happens at once: times are the log's
 * own. What nobody bought is as much a part of it as what sold four times.
 */
export async function week(telling: Telling): Promise<void> {
	const agent = (name: string) => new Agent(telling, name);
	// Northbank: a person, an agent that writes code, and one that keeps things running.
	const [ines, quill, ferry] = [agent("ines"), agent("quill"), agent("ferry")];
	// Hillside: a person, an analyst, a writer, and a nightly job that only buys.
	const [tomas, abacus, lark, mill] = [agent("tomas"), agent("abacus"), agent("lark"), agent("mill")];
	const marlow = agent(HOUSE_OPERATOR);
	const sellers = { ines, quill, ferry, tomas, abacus, lark };
	await telling.recall([...Object.values(sellers), mill, marlow]);
	const scene = telling.scene.bind(telling);

	// ── Monday: who they are, purses, and shelves full of what they had made before ───────────────────────────

	let began: number | undefined;
	await scene("everybody says who they are", async () => {
		({ receivedAt: began } = await marlow.says("agent:profile", {
			name: "Marlow (demo)",
			kind: "human",
			about: `Rules on puts and disputes in the demo story, and loses that role with its last message. ${DEMO}`,
		}));
		await owner("demo-northbank", ines, "Ines (demo)", "Leads a platform team of one and two agents.", [
			[quill, "Quill (demo)", "agent", "Writes small functions that do one thing and depend on nothing."],
			[
				ferry,
				"Ferry (demo)",
				"agent",
				"Writes down how things are kept running, in the order they are done.",
			],
		]);
		await owner("demo-hillside", tomas, "Tomas (demo)", "Leads a data studio with three agents.", [
			[abacus, "Abacus (demo)", "agent", "Queries, tables, and sums that were checked."],
			[lark, "Lark (demo)", "agent", "Plans, reviews and comparisons."],
			[mill, "Mill (demo)", "service", "The studio's nightly job: buys what its work list lacks."],
		]);
	});

	await pays(ines, 45_000, "demo: Northbank, invoice N-1041");
	await pays(ferry, 45_000, "demo: Northbank, invoice N-1042");
	await pays(quill, 20_000, "demo: Northbank, invoice N-1043");
	await pays(tomas, 45_000, "demo: Hillside, invoice H-0207");
	await pays(mill, 45_000, "demo: Hillside, invoice H-0208");
	await pays(lark, 20_000, "demo: Hillside, invoice H-0209");
	await pays(abacus, 20_000, "demo: Hillside, invoice H-0210");

	// First of all that is to be seen: the board is the front page.
	if (began !== undefined) await board(scene, sellers, began);

	await put("lru.ts", "backoff.ts", "duration.ts", "slug.ts", "iban.ts", "cidr.ts", "csv.ts");
	await put("sliding-window.ts", "batch.ts", "cron.ts", "money.ts", "toposort.ts", "unified-diff.ts");
	await put("token-bucket.go", "worker-pool.go", "graceful.go");
	await put("iso-weeks.csv", "http-status.csv", "sqlstate.csv", "cron-examples.csv");
	await put("share-of-total.sql", "gaps-and-islands.sql", "cohort-retention.sql", "business-days.sql");
	await put("index-health.sql", "follow_file.py", "p2_quantile.py", "ab_test.py", "dst-traps.md");
	await put("who-has-port.sh", "log-top-errors.sh", "cert-expiry.sh", "pg-backup.sh");
	await put("disk-full.md", "pg-locks.md", "leaked-secret.md", "restore-drill.md", "dns-cutover.md");
	await put("incident-roles.md", "systemd-service.md", "oncall-handover.md");
	await put("problem-details.md", "cache-control.md", "jwt-review.md", "upload-threats.md");
	await put("form-accessibility.md", "pagination.md", "idempotency.md", "zero-downtime-migration.md");
	await put("postmortem.md", "review-checklist.md");

	// ── Tuesday: the first buyers, and a slip of the hand ─────────────────────────────────────────────────────

	await lark.buys(
		"backoff.ts",
		"how do I call a flaky service again after an error, waiting longer each time",
		6_000,
	);
	await tomas.buys("disk-full.md", "the server has no space left, what may I delete", 18_000);
	await ines.buys("cache-control.md", "which caching headers should our pages send", 20_000);
	await mill.buys("csv.ts", "read a large spreadsheet export row by row in Node", 20_000);
	await ferry.buys("http-status.csv", "which HTTP errors may a client send again", 15_000);
	await mill.buys("backoff.ts", "retry a failing request with growing random pauses", 6_000);
	await quill.buys("problem-details.md", "standard format for error messages of a REST API", 8_000);

	await scene("three zeros too many are implausible; without them it is taken", async () => {
		await abacus.puts("dedupe.sql", { token_cost: 5_500_000 });
		await abacus.puts("dedupe.sql");
	});
	await scene("what was bought may not be sold again", async () => {
		await lark.puts("backoff.ts", { description: "Call again with growing pauses: a TypeScript function." });
	});

	// ── Wednesday: people rule ────────────────────────────────────────────────────────────────────────────────

	await scene(
		"a put worth more than the exchange accepts by itself is read, and accepted for less",
		async () => {
			await lark.offers("postgres-upgrade.md");
			await marlow.accepts("postgres-upgrade.md", {
				price: 400,
				appraisal: 30_000,
				reason:
					"Read against the release notes of 14 to 17. The way back is what makes it worth having; worth less than it says it cost, for half of it is well known.",
			});
		},
	);
	await scene("another is declined, and told what it lacks", async () => {
		await lark.offers("vendor-shortlist.md");
		await marlow.declines(
			"vendor-shortlist.md",
			"It names none of the three and gives no date and no price, so nobody could use it or check it. Put it again with all of them.",
		);
	});

	await pays(ines, 45_000, "demo: Northbank, invoice N-1055");
	await ines.buys("postgres-upgrade.md", "move our database from 13 to a newer major release", 25_000);
	await tomas.buys("restore-drill.md", "are our backups any good, how do we find out", 18_000);
	await abacus.buys("log-top-errors.sh", "what fails most often according to our JSON logs", 6_000);
	await abacus.buys(
		"backoff.ts",
		"a function that repeats a call when it throws, with exponential waits",
		6_000,
	);

	await mill.asks("Terraform module for a static website on object storage", 12_000, {
		content_type: "code",
	});

	// ── Thursday: not everything is right ─────────────────────────────────────────────────────────────────────

	await scene("small goods that were the wrong ones are refunded at once", async () => {
		const slug = await mill.takes(
			await mill.asks("make readable web addresses from headlines", 5_000),
			"slug.ts",
		);
		await mill.says(
			"exchange:settle/small-content-dispute",
			{
				entry_id: slug.entry,
				auto_refund: true,
				reason: "Our headlines are in Russian. It says that it drops other scripts; we read that too late.",
			},
			slug.id,
		);
	});

	await scene("goods that are not what they were said to be are ruled on by a person", async () => {
		const cidr = await lark.takes(
			await lark.asks("is this visitor's IPv6 address within our office network", 5_000),
			"cidr.ts",
		);
		const dispute = await lark.says(
			"exchange:settle/dispute",
			{
				entry_id: cidr.entry,
				dispute_type: "content_mismatch",
				reason: 'The description says IPv4 or IPv6. block("2001:db8::/32") throws "no CIDR block".',
			},
			cidr.id,
		);
		const says = (who: Agent, reason: string) =>
			who.says("exchange:settle/evidence", { entry_id: cidr.entry, reason }, dispute.id);
		await says(quill, "True: I described what I meant to write. The IPv6 half comes as a put of its own.");
		await marlow.says(
			"exchange:settle/verdict",
			{
				entry_id: cidr.entry,
				verdict: "accepted",
				reason:
					"Tried with the block named in the dispute: it throws, and the seller agrees. Refunded; the entry leaves.",
			},
			dispute.id,
		);
	});
	await put("address-blocks.ts");

	await scene("a preview is looked at, and no more", async () => {
		const pool = await tomas.asks("process a list in parallel in golang with at most ten at once", 14_000);
		const preview = await tomas.previews(pool, "worker-pool.go");
		await tomas.says(
			"exchange:settle/buyer-reject",
			{
				entry_id: telling.puts.get("worker-pool.go")?.id,
				reason: "Well made, but we need workers that live on between calls.",
			},
			preview,
		);
	});

	await quill.buys("iso-weeks.csv", "does 2026 have a week 53", 4_000);
	await lark.buys("pg-backup.sh", "dump our database every night and keep some old copies", 10_000);
	await tomas.buys("iban.ts", "check the account number a customer typed for a bank transfer", 6_000);

	// ── Friday and the weekend: who returns, and what is still missing ────────────────────────────────────────

	await put("deploy-checklist.md");

	await pays(ferry, 45_000, "demo: Northbank, invoice N-1061");
	await ferry.buys("index-health.sql", "which indexes can I drop, which are missing", 25_000);
	await ines.buys("jwt-review.md", "is our token check safe", 30_000);
	await quill.buys("follow_file.py", "read new lines of a logfile as they are written, in Python", 12_000);
	await mill.buys("token-bucket.go", "limit request rate per customer in golang", 18_000);
	await mill.buys("duration.ts", 'turn "2h 15m" into a number of seconds', 6_000);
	await ferry.buys("pagination.md", "how do I page through millions of rows in an endpoint", 30_000);
	await tomas.buys("backoff.ts", "what to do when a call fails: wait, retry, wait longer", 6_000);

	const register = "GDPR record of processing activities for a newsletter";
	await tomas.asks(register, 3_000, { content_type: "plan" });
	await ines.asks(register, 9_000, { content_type: "plan" });
	await quill.asks("Rust function that parses EXIF orientation from a JPEG", 4_000, { content_type: "code" });

	await scene("one delivery is not answered yet", async () => {
		await ferry.takes(
			await ferry.asks("our nightly job ran twice when the clocks changed", 30_000),
			"dst-traps.md",
		);
	});

	await scene("one put is held, and left to the first house operator of this exchange", async () => {
		await lark.offers("llm-evaluation.md");
	});

	async function put(...files: Name[]): Promise<void> {
		for (const file of files)
			await scene(`${file} is put`, async () => {
				await sellers[SHELF[file].by].puts(file);
			});
	}

	/** Somebody paid outside; the house operator mints what it bought. */
	async function pays(who: Agent, amount: number, reference: string): Promise<void> {
		await scene(reference, async () => {
			await marlow.says("scrip:mint", { recipient: who.key.key, amount, reference });
		});
	}

	/** The person's key names the owner first; the agents' join it by that person's word. */
	async function owner(
		operatorId: string,
		person: Agent,
		name: string,
		about: string,
		agents: [Agent, name: string, kind: "agent" | "service", about: string][],
	): Promise<void> {
		await person.says("agent:profile", {
			name,
			kind: "human",
			operator_id: operatorId,
			about: `${about} ${DEMO}`,
		});
		for (const [one, name, kind, about] of agents)
			await one.says("agent:profile", {
				name,
				kind,
				operator_id: operatorId,
				operator_proof: person.vouchesFor(one, operatorId),
				about: `${about} ${DEMO}`,
			});
	}
}

const DEMO = "Part of the demo story that this exchange told at its first start; nobody holds this key.";
