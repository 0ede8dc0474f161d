import { type Constraint, RESOURCES, type Resource } from "../fields";
import { isAbsent } from "./clean";
import { isHint } from "./labels";
import { BLANK, divided, literalOf, masked, textOf } from "./quote";

type Named<K extends string> = Partial<Record<K, string>>;

export interface List<K extends string> {
	items: Named<K>;
	/** Items without a name of their own that were put by what they say, or, saying nothing, at the end. */
	placed: K[];
}

const RESOURCE_NAMES: readonly (readonly [Resource, string])[] = [
	["cpu", "v?cpus?|processors?"],
	["gpu", "gpus?"],
	["ram", "ram|memory|mem"],
	["storage", "storage|disks?"],
	["network", "network(?:ing)?|net|bandwidth"],
	["other", "other|misc"],
];

/** By what a resource is called when nobody labels it. The first that speaks decides: `80 GB VRAM` is a GPU's. */
const RESOURCE_SIGNS: readonly (readonly [Resource, RegExp])[] = [
	[
		"gpu",
		/\b(?:gpus?|cuda|vram|tpus?|[abh][12]00|gh200|l40s?|l4|t4|v100|p100|a10g?|a[456]000|mi\d{3}x?|(?:rtx|gtx) ?\w+|[345]0[6789]0(?: ?ti)?)\b/i,
	],
	["storage", /\b(?:storage|disks?|ssds?|nvme|hdds?|s3|buckets?|scratch|volumes?)\b/i],
	["ram", /\b(?:ram|memory|ddr\d)\b/i],
	[
		"cpu",
		/\b(?:v?cpus?|v?cores?|threads?|x86(?:[_-]64)?|amd64|arm64|aarch64|xeon|epyc|ryzen|graviton\d?)\b|\d[- ]?cores?\b/i,
	],
	[
		"network",
		/\b(?:network|bandwidth|[kmg]bps|[kmg]bit(?:\/s)?|[kmg]b\/s|egress|ingress|ipv[46]|public ip|uplink|ports?)\b/i,
	],
];

/**
 * RESOURCES: `CPU: 8 cores; GPU: none`, `8 vCPU, 16 GB RAM, 1 Gbps`, or five values between strokes in the order of the
 * template's own hint.
 */
export function readResources(value: string): List<Resource> {
	const byPosition = inOrder(value);
	if (byPosition) return { items: byPosition, placed: [] };
	return read(value, RESOURCE_NAMES, (piece, before) => {
		if (/^(?:no|without|zero) /i.test(piece)) return "nothing";
		const sign = RESOURCE_SIGNS.find(([, pattern]) => pattern.test(piece))?.[0];
		if (sign) return sign;
		// Bare gigabytes belong to the card they follow, else they are memory.
		if (/^\d+(?:\.\d+)? ?[gt]i?b\b/i.test(piece))
			return before === "gpu" ? "gpu" : before === "cpu" ? "ram" : undefined;
		return undefined;
	});
}

function inOrder(value: string): Named<Resource> | undefined {
	const pieces = masked(value).includes(BLANK)
		? []
		: value.split(value.includes(" / ") ? " / " : "/").map((piece) => piece.trim());
	if (pieces.length !== 5 || pieces.some((piece) => !piece || /[;,:]/.test(piece))) return undefined;
	if (isHint(value)) return {};
	return Object.fromEntries(
		pieces.flatMap((piece, at) => (isAbsent(piece) ? [] : [[RESOURCES[at]!, piece]])),
	) as Named<Resource>;
}

const CONSTRAINT_NAMES: readonly (readonly [Constraint, string])[] = [
	["data", "data"],
	["privacy", "privacy"],
	["tools", "tools?|tooling"],
];

const CONSTRAINT_SIGNS: readonly (readonly [Constraint, RegExp])[] = [
	[
		"privacy",
		/\b(?:privacy|private|pii|gdpr|hipaa|confidential|nda|anonym\w*|personal|secrets?|encrypt\w*|logs? retention)\b/i,
	],
	["data", /\b(?:data|datasets?|files?|uploads?|downloads?|corpus|weights|residency)\b/i],
	[
		"tools",
		/\b(?:tools?|docker|podman|containers?|python|node(?:\.?js)?|rust|git|ssh|vpn|k8s|kubernetes|slurm|root|sudo|sandbox(?:ed)?|api|access|screen sharing|libraries|cuda|linux|windows|macos)\b/i,
	],
];

/** CONSTRAINTS: `data: public only; tools: docker, git`. What is none of these is about how the work is done: tools. */
export function readConstraints(value: string): List<Constraint> {
	return read(
		value,
		CONSTRAINT_NAMES,
		(piece) => CONSTRAINT_SIGNS.find(([, pattern]) => pattern.test(piece))?.[0],
	);
}

function read<K extends string>(
	value: string,
	names: readonly (readonly [K, string])[],
	placeOf: (piece: string, before: K | undefined) => K | "nothing" | undefined,
): List<K> {
	const items: Named<K> = {};
	const placed: K[] = [];
	if (textOf(value) === undefined || isHint(value)) return { items, placed };
	const last = names.at(-1)![0];
	const add = (name: K, text: string) => {
		items[name] = items[name] === undefined ? text : `${items[name]}, ${text}`;
	};

	const any = names.map(([, pattern]) => pattern).join("|");
	// `CPU: 8 GPU: 1`: a name with its colon begins an item wherever it stands.
	const divider = new RegExp(` ?[;|\\n] ?|(?: ?[,/] ?| )(?=(?:${any}) ?[:=] ?)`, "gi");
	for (const piece of divided(value, divider)) {
		const label = names
			.map(
				([name, pattern]) =>
					[
						name,
						new RegExp(`^[*_\`]*(?:${pattern})[*_\`]* ?(?:[:=]| [-–—] |(?= \\d))[*_\`]* ?`, "i"),
					] as const,
			)
			.map(([name, pattern]) => [name, pattern.exec(piece)?.[0]] as const)
			.find(([, found]) => found !== undefined);
		if (label) {
			const said = piece.slice(label[1]!.length).trim();
			const text = isHint(said) ? undefined : textOf(said);
			if (text !== undefined) add(label[0], text);
			continue;
		}
		for (const { name, text } of itemsIn(piece, placeOf, last)) {
			if (name.guessed) placed.push(name.is);
			add(name.is, text);
		}
	}
	return { items, placed };
}

/** The items of a piece that nobody labelled: a new one begins where the words name something else. */
function itemsIn<K extends string>(
	piece: string,
	placeOf: (part: string, before: K | undefined) => K | "nothing" | undefined,
	last: K,
): { name: { is: K; guessed: boolean }; text: string }[] {
	const literal = literalOf(piece);
	if (literal !== undefined) return [{ name: { is: last, guessed: true }, text: literal }];
	const items: { name: { is: K; guessed: boolean }; from: number; to: number }[] = [];
	const dividers = [...piece.matchAll(/, | \+ | and | & | with |$/g)];
	let from = 0;
	for (const divider of dividers) {
		const part = piece.slice(from, divider.index).trim();
		const before = items.at(-1);
		const place = placeOf(part, before?.name.is);
		const goesOn = before && (place === undefined || place === before.name.is);
		if (goesOn) before.to = divider.index;
		else if (place !== "nothing" && textOf(part) !== undefined)
			items.push({ name: { is: place ?? last, guessed: place === undefined }, from, to: divider.index });
		from = divider.index + divider[0].length;
	}
	return items.map(({ name, from, to }) => ({ name, text: textOf(piece.slice(from, to).trim())! }));
}
