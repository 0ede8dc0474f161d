/** The load generator: a process of its own, so that what it costs is not counted as the exchange's. */
import autocannon from "autocannon";
import { answer } from "./child";

export interface Load {
	url: string;
	method: "GET" | "POST";
	connections: number;
	headers: Record<string, string>;
	/** Requests are sent in this order, one after the other on each connection; for GET, `paths` instead of `bodies`. */
	path?: string;
	bodies?: string[];
	paths?: string[];
}

export interface Fired {
	/** Answers by status; for NDJSON, lines by theirs. */
	statuses: Record<string, number>;
	/** The first answer that was not as it should be. */
	odd?: string;
	/** ms. */
	p50: number;
	p99: number;
}

answer({ fire });

async function fire({ url, method, connections, headers, path = "/", bodies, paths }: Load): Promise<Fired> {
	const statuses: Record<string, number> = {};
	const count = (status: number) => {
		statuses[status] = (statuses[status] ?? 0) + 1;
	};
	let next = 0;
	let odd: string | undefined;
	const request: autocannon.Request = {
		method,
		path,
		headers,
		setupRequest(request) {
			const at = next++;
			return bodies ? { ...request, body: bodies[at] } : { ...request, path: paths![at % paths!.length] };
		},
		onResponse(status, body) {
			if (headers["Content-Type"] !== "application/x-ndjson") count(status);
			else
				for (const line of body.split("\n")) {
					if (line === "") continue;
					const told = Number(/^\{"status":(\d+)/.exec(line)?.[1]);
					count(told);
					if (told > 201) odd ??= line;
				}
			if (status > 201) odd ??= body;
		},
	};
	const amount = bodies?.length ?? paths!.length;
	// It ends at the end of a sample: a second of it would be most of what a short run takes.
	const result = await autocannon({
		url,
		connections,
		amount,
		timeout: 60,
		sampleInt: 20,
		requests: [request],
	});
	if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
	return { statuses, odd, p50: result.latency.p50, p99: result.latency.p99 };
}
