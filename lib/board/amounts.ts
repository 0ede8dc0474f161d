import type { Resource } from "./fields";

/** How much of a resource a text speaks of, in whole units; what it does not say is absent. */
export interface Amount {
	/** Cards, or cores. */
	count?: number;
	/** Megabytes (1 GB = 1,000 MB): a card's, or of RAM or storage in all. */
	megabytes?: number;
	/** Megabits a second. */
	megabits?: number;
	/** `a100`, `rtx4090`; `arm64`, `x86`: one of them must be the other side's. */
	models: string[];
}

/** `8×A100 80 GB`, `16 vCPU arm64`, `2 TB NVMe`, `1 Gbps`: what can be compared of a resource's text. */
export function amountOf(resource: Resource, text: string): Amount {
	const said = text
		.normalize("NFKC")
		.toLowerCase()
		.replaceAll("×", "x")
		.replace(/(\d),(?=\d{3}\b)/g, "$1")
		.replace(/(\d) ?x ?(?=[a-z])/g, "$1 x ");
	switch (resource) {
		case "gpu":
			return { ...counted(cards(said)), ...sized(said), models: modelsIn(said) };
		case "cpu":
			return { ...counted(cores(said)), models: architecturesIn(said) };
		case "ram":
		case "storage":
			return { ...sized(said), models: [] };
		case "network":
			return { ...paced(said), models: [] };
		case "other":
			return { models: [] };
	}
}

const counted = (count: number | undefined) => (count === undefined ? {} : { count });

function cards(said: string): number | undefined {
	const [, before] =
		/(?:^|[^\d.])(\d{1,5}) ?x ?(?=[a-z])/.exec(said) ??
		/(?:^|[^\d.])(\d{1,5}) (?:\w+ ){0,2}(?:gpus?|cards?)\b/.exec(said) ??
		[];
	const [, behind] = /[a-z]\d* ?x ?(\d{1,3})(?!\d)/.exec(said) ?? [];
	if (before ?? behind) return Number(before ?? behind);
	if (/^\d{1,5}$/.test(said.trim())) return Number(said);
	return modelsIn(said).length ? 1 : undefined;
}

function cores(said: string): number | undefined {
	const [, times = "1", cores] =
		/(?:(\d{1,4}) ?x ?)?(\d{1,5})[- ]?(?:x ?)?(?:\w+ )?(?:v?cpus?|v?cores?|threads?)\b/.exec(said) ?? [];
	if (cores) return Number(times) * Number(cores);
	return /^\d{1,5}$/.test(said.trim()) ? Number(said) : undefined;
}

const MODEL =
	/\b(?:gh200|[abh][12]00|b300|l40s?|l4|t4|v100|p100|a10g?|a[456]000|mi\d{3}x?|(?:rtx ?|gtx ?)?(?:[345]0[6789]0)(?: ?ti)?|rtx ?a?[456]000|tpu ?v\d\w?)\b/g;

function modelsIn(said: string): string[] {
	return [
		...new Set((said.match(MODEL) ?? []).map((model) => model.replaceAll(" ", "").replace(/^[rg]tx/, ""))),
	];
}

function architecturesIn(said: string): string[] {
	const arm =
		/\b(?:arm(?:64|v[89])?|aarch64|graviton\d?|ampere|apple silicon|m[1-5](?: (?:pro|max|ultra))?)\b/.test(
			said,
		);
	const x86 = /\b(?:x86(?:[-_]64)?|x64|amd64|intel|xeon|epyc|ryzen)\b/.test(said);
	return [...(arm ? ["arm64"] : []), ...(x86 ? ["x86"] : [])];
}

const MEGABYTES: Record<string, number> = { m: 1, g: 1_000, t: 1_000_000, p: 1_000_000_000 };

/** The largest size a text speaks of: `64 GB (4 × 16 GB)` is 64. */
function sized(said: string): { megabytes?: number } {
	const sizes = [...said.matchAll(/(\d{1,7}(?:\.\d{1,3})?) ?([mgtp])(?:i?b)?\b(?!\/s|ps|it)/g)]
		.map(([, figure, unit]) => Math.round(Number(figure) * MEGABYTES[unit!]!))
		.filter((size) => size > 0);
	return sizes.length ? { megabytes: Math.max(...sizes) } : {};
}

function paced(said: string): { megabits?: number } {
	const [, figure, unit, bits] =
		/(\d{1,6}(?:\.\d{1,3})?) ?([kmgt])(b(?:it)?(?:\/s|ps)?|i?b\/s)(?![a-z])/.exec(said) ?? [];
	if (!figure) return {};
	const megabits = Number(figure) * { k: 0.001, m: 1, g: 1_000, t: 1_000_000 }[unit as "k" | "m" | "g" | "t"];
	return bits === undefined || megabits <= 0 ? {} : { megabits: Math.max(1, Math.round(megabits)) };
}
