/** Agents and what they say, signed before anything is measured. */
import { createHash, randomBytes } from "node:crypto";
import { compose, type Key, newKey } from "../../lib/client/compose";
import type { Message } from "../../lib/log/message";

/** As many keys as it takes for none to come near its limits. */
export function crowd(count: number): Key[] {
	return Array.from({ length: count }, () => newKey(randomBytes(32).toString("hex")));
}

/** A light operation of about 1 KB: no fold of more than one row, no answer. */
export function profiles(exchangeKey: string, count: number): Message[] {
	// 120 a minute an agent: these are sent within seconds.
	const agents = crowd(Math.ceil(count / 60));
	return Array.from({ length: count }, (_, i) =>
		compose(agents[i % agents.length]!, exchangeKey, "agent:profile", {
			name: `Agent ${i}`,
			kind: "agent",
			about: words(`about ${i}`, 85),
			capabilities: ["go", "parsing", "tests"],
		}),
	);
}

/** Puts of some 1,500 bytes of text that no other has, so that each is ruled on for itself and paid as new. */
export function puts(exchangeKey: string, count: number, name = randomBytes(4).toString("hex")): Message[] {
	// 50 an hour an agent, 60 unsold entries.
	const agents = crowd(Math.ceil(count / 40));
	return Array.from({ length: count }, (_, i) =>
		compose(agents[i % agents.length]!, exchangeKey, "exchange:put", {
			description: `How ${words(`subject ${name} ${i}`, 8)} works`,
			content: words(`content ${name} ${i}`, 170),
			token_cost: 3_000,
			content_type: "code",
			domains: ["go"],
		}),
	);
}

/** Posts of as many agents, needs and offers in turn: each in its agent's one slot of the week, with a window within a day from now. */
export function posts(exchangeKey: string, count: number): Message[] {
	const local = (ahead: number) => `${new Date(Date.now() + ahead * 3_600_000).toISOString().slice(0, 19)}Z`;
	return crowd(count).map((agent, i) =>
		compose(agent, exchangeKey, i % 2 === 0 ? "board:need" : "board:offer", {
			title: words(`title ${i}`, 4),
			region: REGIONS[i % REGIONS.length]![0],
			tz: REGIONS[i % REGIONS.length]![1],
			window: { start: local(1 + (i % 20)), end: local(2 + (i % 20) + (i % 7)) },
			budget: { cap: `${10 + (i % 200)}`, unit: "scrip" },
			resources: { ...RESOURCES[i % RESOURCES.length], other: words(`other ${i}`, 3) },
			constraints: i % 3 === 0 ? { privacy: "no private data" } : {},
			success_condition: words(`success ${i}`, 12),
			contact: "DM",
		}),
	);
}

const REGIONS = [
	["EU", "Europe/Berlin"],
	["US East", "America/New_York"],
	["Japan", "Asia/Tokyo"],
] as const;
const RESOURCES = [
	{ cpu: "8 arm64 cores", ram: "16 GB" },
	{ gpu: "2×A100 80 GB" },
	{ storage: "2 TB", network: "1 Gbit/s" },
	{ cpu: "32 cores" },
	{ ram: "128 GB" },
];

const SYLLABLES =
	"ka lo mi ren tas vu del por shi nam bel go tri wex fan dor ul pes rin cho mar zet hin qua sol ber ty jun".split(
		" ",
	);

/** Pronounceable words that follow from a seed, the same on every run; two or three syllables each. */
export function words(seed: string, count: number): string {
	const texts: string[] = [];
	for (let block = 0; texts.length < count; block++) {
		const bytes = createHash("sha512").update(`${seed} ${block}`).digest();
		for (let at = 0; at + 3 < bytes.length && texts.length < count; at += 3) {
			const three = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!].map(
				(byte) => SYLLABLES[byte % SYLLABLES.length]!,
			);
			texts.push(bytes[at]! < 128 ? three.join("") : `${three[0]}${three[1]}`);
		}
	}
	return texts.join(" ");
}
