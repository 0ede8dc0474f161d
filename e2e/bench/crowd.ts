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

/** 256 of them: one a byte. Words that people write: made-up ones have three times the pieces that a model reads. */
const VOCABULARY = `
	account address agent alarm answer archive array audit backup balance batch benchmark binary board branch browser
	budget buffer build bundle button cache calendar callback canvas capacity catalog certificate channel checksum client
	clock cluster code column command commit compiler component compression config connection console constraint container
	content context contract cookie counter crash cursor database date deadline debug decoder default delay delivery
	deploy design desktop device digest directory discount disk document domain download driver duplicate editor element
	email encoding endpoint engine entry envelope error event exchange export failure feature feed field file filter
	firewall fixture folder font format forward frame function garbage gateway graph group guard handler hash header
	health heap history hook host image import index input instance integer interface interval invoice issue iterator
	journal kernel keyboard label latency layer layout ledger library limit link list listener loader locale lock log
	login loop machine mail manifest mapping market mask matrix memory menu merge message method metric migration mirror
	mobile model module monitor month mutex network node notice number object offer offset operator option order output
	owner package packet page parser partition password patch path pattern payment permission pipeline plan platform
	plugin pointer policy pool port preview price printer priority process profile project promise protocol proxy query
	queue quota random range rate record recovery region registry release relay replica report request reset resource
	response restart result retry review role rollback route rule runtime sample scheduler schema scope script search
	secret sensor server session setting shadow signal snapshot socket source stack status storage stream string style
	table target task`
	.trim()
	.split(/\s+/);

/** Words that follow from a seed, the same on every run. */
export function words(seed: string, count: number): string {
	const texts: string[] = [];
	for (let block = 0; texts.length < count; block++)
		for (const byte of createHash("sha512").update(`${seed} ${block}`).digest())
			texts.push(VOCABULARY[byte]!);
	return texts.slice(0, count).join(" ");
}
