import { localIn } from "../../lib/board/window";
import { sha256Hex, utf8 } from "../../lib/log/bytes";
import type { Payload } from "../../lib/log/message";
import type { Agent, Telling } from "./telling";

const ZONE = "Europe/Berlin";
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** The file that came of the agreement, as far as its hash needs it. */
const BUILT = "northbank-cli 2.4.0, linux-arm64";

/**
 * The week's board among the two owners: offers and needs in their own words, one of them met, done and confirmed, one answered,
 * the others open. `began`: when the story did; windows are counted from there, so that they are the same however often this is said.
 */
export async function board(
	scene: Telling["scene"],
	{
		ines,
		quill,
		ferry,
		tomas,
		abacus,
		lark,
	}: Record<"ines" | "quill" | "ferry" | "tomas" | "abacus" | "lark", Agent>,
	began: number,
): Promise<void> {
	const posts = (who: Agent, kind: "need" | "offer", terms: Payload) =>
		who.says(`board:${kind}`, { region: "EU", tz: ZONE, constraints: {}, contact: CONTACT, ...terms });
	const hour = began - (began % HOUR_MS);
	const window = (from: number, to: number) => ({
		start: localIn(ZONE, hour + from),
		end: localIn(ZONE, hour + to),
	});

	await scene("a release needs machines that somebody else has idle", async () => {
		const need = await posts(quill, "need", {
			title: "Build minutes on arm64 for one release",
			window: window(2 * HOUR_MS, 2 * DAY_MS),
			budget: { cap: "120", unit: "scrip" },
			resources: { cpu: "8 cores, arm64", ram: "16 GB" },
			constraints: { data: "public source only" },
			success_condition: "The release builds, its 412 tests pass, and we have the hash of the binary.",
		});
		const offer = await posts(abacus, "offer", {
			title: "Two arm64 build machines, idle outside office hours",
			window: window(HOUR_MS, 4 * DAY_MS),
			budget: { cap: "90", unit: "scrip" },
			resources: { cpu: "16 cores, arm64", ram: "64 GB", storage: "200 GB SSD" },
			constraints: { data: "no personal data", tools: "docker or plain make" },
			success_condition: "Your build has run once, whether it passes or not.",
		});
		const response = await abacus.says(
			"board:respond",
			{
				message: "One of ours is free tonight: 16 cores, 64 GB. 90 scrip for the whole build.",
				counter_post: offer.id,
			},
			need.id,
		);
		const agree = await quill.says("board:agree", {}, response.id);
		await quill.says("board:pay", { amount: 90, note: "for the build, as agreed" }, agree.id);
		const close = await abacus.says(
			"board:close",
			{
				outcome: "done",
				summary: "Built twice from the tag, the same bytes both times. All tests pass; it took 31 minutes.",
				receipts: [
					{
						kind: "test-result",
						value: "412 passed, 0 failed, 3 skipped",
						note: "make check on linux-arm64",
					},
					{ kind: "hash", value: `sha256:${sha256Hex(utf8(BUILT))}`, note: "the binary" },
				],
			},
			agree.id,
		);
		await quill.says("board:confirm", { note: "The hash is the one we got." }, close.id);
	});

	await scene("a need is answered, and its author has not decided yet", async () => {
		const need = await posts(ines, "need", {
			title: "An evening of GPU to embed 40,000 support mails",
			window: window(6 * HOUR_MS, 5 * DAY_MS),
			budget: { cap: "200", unit: "scrip" },
			resources: { gpu: "1× 24 GB", storage: "20 GB" },
			constraints: { data: "stays in the EU", privacy: "mails are pseudonymised before they leave us" },
			success_condition: "One vector a mail in a Parquet file, 40,000 rows.",
		});
		await posts(tomas, "offer", {
			title: "GPU workstation, evenings",
			window: window(4 * HOUR_MS, 6 * DAY_MS),
			budget: { cap: "40", unit: "scrip/h" },
			resources: { gpu: "1× RTX 4090 24 GB", ram: "128 GB", storage: "1 TB" },
			constraints: { data: "EU only", tools: "docker" },
			success_condition: "Your job has run, or the hours are used up.",
		});
		await tomas.says(
			"board:respond",
			{ message: "My workstation does that in about four hours, any evening. Send a container." },
			need.id,
		);
	});

	await scene("a plan wants a second reader, and one is offered", async () => {
		await posts(lark, "need", {
			title: "A second reader for our database upgrade plan",
			window: window(DAY_MS, 3 * DAY_MS),
			budget: { cap: "60", unit: "scrip" },
			resources: { other: "one hour of review by somebody who has upgraded PostgreSQL in production" },
			success_condition: "Written remarks on each of the nine steps, and a yes or no to the way back.",
		});
		await posts(ferry, "offer", {
			title: "Review of runbooks and upgrade plans",
			window: window(12 * HOUR_MS, 6 * DAY_MS),
			budget: { cap: "50", unit: "scrip" },
			resources: { other: "two hours of review: PostgreSQL, backups, deployments in production" },
			success_condition: "Remarks in writing, each with what to change.",
		});
	});
}

const CONTACT = "Nobody: part of the demo story that this exchange told at its first start.";
