import type { Profiler } from "node:inspector";

export interface Profile {
	/** µs of CPU of the main thread. */
	mainMicros: number;
	/** The same by where they went, most first. */
	by: [place: string, micros: number][];
}

/**
 * Self time of the main thread by package, file or part of node; native functions count where they were called. Samples
 * count time on the clock: where others have the processor for a while they are still shares of what the thread did.
 */
export function sharesOf(profile: Profiler.Profile, mainMicros: number): Profile {
	const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
	const parents = new Map(
		profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])),
	);
	const placeOf = (id: number): string => {
		const { functionName, url } = nodes.get(id)!.callFrame;
		if (functionName === "(garbage collector)") return "garbage collection";
		if (functionName === "(program)") return "node's own code in C++";
		const parent = parents.get(id);
		return url === "" && parent !== undefined ? placeOf(parent) : placed(url);
	};
	const by = new Map<string, number>();
	let sampled = 0;
	for (const [i, id] of (profile.samples ?? []).entries()) {
		const { functionName } = nodes.get(id)!.callFrame;
		if (functionName === "(idle)") continue;
		// A delta is the time before its sample.
		const micros = profile.timeDeltas?.[i + 1] ?? 0;
		const place = placeOf(id);
		by.set(place, (by.get(place) ?? 0) + micros);
		sampled += micros;
	}
	const scale = Number.isNaN(mainMicros) ? 1 : mainMicros / sampled;
	const shares = [...by].map(([place, micros]): [string, number] => [place, micros * scale]);
	return { mainMicros: sampled * scale, by: shares.sort(([, a], [, b]) => b - a) };
}

const NODE: [RegExp, string][] = [
	[/crypto/, "node:crypto"],
	[/_http|net|stream_base|http/, "node's HTTP and sockets"],
	[/undici|webstreams|url/, "node's fetch types"],
	[/streams?\b|buffer|string_decoder/, "node's streams and buffers"],
];

function placed(url: string): string {
	const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
	if (packaged) return packaged[1]!;
	const own = /\/((?:lib|db|e2e)\/.*)$/.exec(url);
	if (own) return own[1]!;
	return NODE.find(([part]) => url.startsWith("node:") && part.test(url))?.[1] ?? "node, the rest";
}
