import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { bundledEmbedder } from "./bundled-embedder";
import { type Embedder, EmbedderError, embedderFrom } from "./embedder";

const folder = mkdtempSync(join(tmpdir(), "embedder-"));
const opened: Embedder[] = [];
const servers: Server[] = [];
const keep = (embedder: Embedder): Embedder => {
	opened.push(embedder);
	return embedder;
};
afterAll(async () => {
	await Promise.all(opened.map((embedder) => embedder.close()));
	for (const server of servers) server.close();
	rmSync(folder, { recursive: true });
});
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe("the bundled embedder", () => {
	const bundled = keep(embedderFrom({}));

	it("gives unit vectors in which a paraphrase is nearer than another subject", async () => {
		const [limiter, throttle, bread] = (await bundled.embed([
			"Sliding window rate limiter in Go with Redis",
			"how do I throttle callers with a rolling window",
			"a recipe for sourdough bread",
		])) as [Float32Array, Float32Array, Float32Array];
		expect(limiter).toHaveLength(bundled.dims);
		for (const vector of [limiter, throttle, bread]) expect(cosine(vector, vector)).toBeCloseTo(1, 5);
		expect(cosine(limiter, throttle)).toBeGreaterThan(0.4);
		expect(cosine(limiter, bread)).toBeLessThan(0.15);
	});

	it("gives the same vector every time, alone or among others", async () => {
		const [alone] = await bundled.embed(["postgres autovacuum"]);
		const [, among] = await bundled.embed(["something else entirely, and longer", "postgres autovacuum"]);
		expect(among).toEqual(alone);
	});

	it("reads 256 tokens, not the 128 of the shipped tokenizer, and nothing beyond", async () => {
		const filler = (count: number) => "word ".repeat(count);
		const [plain, at200, at400] = (await bundled.embed([
			filler(500),
			`${filler(200)}kangaroo ${filler(299)}`,
			`${filler(400)}kangaroo ${filler(99)}`,
		])) as [Float32Array, Float32Array, Float32Array];
		expect(at200).not.toEqual(plain);
		expect(at400).toEqual(plain);
	});

	it("answers an empty list, an empty text and broken characters", async () => {
		expect(await bundled.embed([])).toEqual([]);
		for (const text of ["", "\ud800", "\u0000"])
			expect(cosine((await bundled.embed([text]))[0]!, (await bundled.embed([text]))[0]!)).toBeCloseTo(1, 5);
	});

	it("takes a question before the rest of a content, also of its window that is under way", async () => {
		const finished: string[] = [];
		const content = bundled.embed(["long ".repeat(300)], "content").then(() => finished.push("content"));
		const question = bundled.embed(["a question"]).then(() => finished.push("question"));
		await Promise.all([content, question]);
		expect(finished).toEqual(["question", "content"]);
	});

	it("refuses weights that are not the expected ones", async () => {
		const worker = new Worker(join(process.cwd(), "lib/match/embedder-worker.mjs"), {
			workerData: { sha256: "0".repeat(64), maxTokens: 256 },
		});
		const reply = await new Promise((resolve) => worker.once("message", resolve));
		await worker.terminate();
		expect(reply).toMatchObject({ unusable: expect.stringContaining("sha256") });
	});

	it("lets the process end by itself, and finds its worker from a folder below the project", async () => {
		const script = join(folder, "once.mts");
		const address = JSON.stringify(join(process.cwd(), "lib/match/embedder.ts"));
		writeFileSync(
			script,
			`import { embedderFrom } from ${address};
			const [vector] = await embedderFrom({}).embed(["hello"]);
			console.log(vector.length);`,
		);
		const { stdout } = await promisify(execFile)(
			process.execPath,
			["--import", import.meta.resolve("tsx"), script],
			{ cwd: join(process.cwd(), "lib/match") },
		);
		expect(stdout.trim()).toBe("384");
	});
});

describe("a bundled embedder whose thread fails", () => {
	const worker = (name: string, body: string) => {
		const path = join(folder, name);
		writeFileSync(path, `import { parentPort } from "node:worker_threads";\n${body}`);
		return path;
	};
	const mortal = worker(
		"mortal.mjs",
		`parentPort.on("message", ({ text, lane }) => {
			if (text === "exit") process.exit(3);
			if (text === "throw") throw new Error("broken");
			if (text === "refuse") return parentPort.postMessage({ lane, failed: "not this one" });
			parentPort.postMessage({ lane, vector: Float32Array.of(text.length) });
		});
		parentPort.postMessage({ ready: true });`,
	);

	it("rejects what waited with a clear error and starts another for the next call", async () => {
		const embedder = keep(bundledEmbedder(mortal));
		for (const [text, reason] of [
			["exit", "ended with code 3"],
			["throw", "broken"],
		] as const) {
			const [first, behind] = await Promise.allSettled([
				embedder.embed([text]),
				embedder.embed(["behind", "it"]),
			]);
			for (const outcome of [first, behind]) {
				expect(outcome.status).toBe("rejected");
				const { reason: error } = outcome as PromiseRejectedResult;
				expect(error).toBeInstanceOf(EmbedderError);
				expect(error.message).toContain(reason);
			}
			expect(await embedder.embed(["four"])).toEqual([Float32Array.of(4)]);
		}
	});

	it("fails one text alone when only that text can't be embedded", async () => {
		const embedder = keep(bundledEmbedder(mortal));
		const [refused, other] = await Promise.allSettled([embedder.embed(["refuse"]), embedder.embed(["fine"])]);
		expect(refused.status).toBe("rejected");
		expect(other).toEqual({ status: "fulfilled", value: [Float32Array.of(4)] });
	});

	it("says again what makes it unusable, without starting over", async () => {
		const embedder = keep(
			bundledEmbedder(worker("unusable.mjs", `parentPort.postMessage({ unusable: "No weights here." });`)),
		);
		await expect(embedder.embed(["a"])).rejects.toThrow("No weights here.");
		await expect(embedder.embed(["b"])).rejects.toThrow("No weights here.");
	});

	/** Asks for a thread beside it, and waits for that one, for ever, when it is given a text to wait at. */
	const helped = (name: string, body: string) => {
		const path = JSON.stringify(worker(`${name}-helper.mjs`, body));
		return worker(
			`${name}.mjs`,
			`const words = new Int32Array(new SharedArrayBuffer(4));
			parentPort.on("message", ({ text, lane }) => {
				Atomics.store(words, 0, 1);
				Atomics.notify(words, 0);
				if (text === "wait") Atomics.wait(words, 0, 1);
				parentPort.postMessage({ lane, vector: Float32Array.of(text.length) });
			});
			parentPort.postMessage({ ready: true, helper: { path: ${path}, workerData: words } });`,
		);
	};

	it("rejects what waited when the thread that helps dies and the other waits for it, and goes on without one", async () => {
		const dying = `import { workerData } from "node:worker_threads";
			Atomics.wait(workerData, 0, 0);
			process.exit(4);`;
		const embedder = keep(bundledEmbedder(helped("dying", dying)));
		await expect(embedder.embed(["wait"])).rejects.toThrow("The embedding thread ended with code 4.");
		for (const text of ["four", "five!"])
			expect(await embedder.embed([text])).toEqual([Float32Array.of(text.length)]);
	});

	it("ends all of its threads when it is closed, also those that wait for each other", async () => {
		const beats = new BroadcastChannel("beats");
		const beat = () => new Promise((resolve) => beats.addEventListener("message", resolve, { once: true }));
		const beating = `const beats = new BroadcastChannel("beats");
			setInterval(() => beats.postMessage("beat"), 1);`;
		const embedder = bundledEmbedder(helped("beating", beating));
		const waiting = expect(embedder.embed(["wait"])).rejects.toThrow("closed");
		await beat();
		await embedder.close();
		await waiting;
		// What was sent before comes first; then there is nobody to send more.
		const silence = new Promise((resolve) => setTimeout(() => resolve("silence"), 100));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(await Promise.race([beat().then(() => "a beat"), silence])).toBe("silence");
		beats.close();
	});

	it("rejects what waits when it is closed", async () => {
		const embedder = bundledEmbedder(worker("silent.mjs", `parentPort.on("message", () => {});`));
		const waiting = expect(embedder.embed(["a"])).rejects.toThrow("closed");
		await embedder.close();
		await waiting;
	});
});

describe("the http embedder", () => {
	type Asked = { url: string; headers: IncomingHttpHeaders; body: { model: string; input: string[] } };
	const endpoint = async (
		answer: (asked: Asked) => { status?: number; body: unknown; location?: string },
	) => {
		const server = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const { status, body, location } = answer({
				url: request.url!,
				headers: request.headers,
				body: JSON.parse(Buffer.concat(chunks).toString()),
			});
			response.writeHead(status ?? 200, {
				"content-type": "application/json",
				...(location ? { location } : {}),
			});
			response.end(JSON.stringify(body));
		});
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/embeddings?model=tiny&dims=2`;
	};
	const numbered = ({ body }: Asked) => ({
		body: { data: body.input.map((text, index) => ({ index, embedding: [Number(text), 0] })).reverse() },
	});

	it("asks with model and key, in batches, and orders unit vectors by their index", async () => {
		const seen: Asked[] = [];
		const setting = await endpoint((asked) => {
			seen.push(asked);
			return numbered(asked);
		});
		const embedder = keep(embedderFrom({ EMBEDDER: setting, EMBEDDER_KEY: "secret" }));
		const vectors = await embedder.embed(Array.from({ length: 40 }, (_, at) => String(at % 2 ? 3 : -5)));
		expect(vectors.map(([x]) => x)).toEqual(Array.from({ length: 40 }, (_, at) => (at % 2 ? 1 : -1)));
		expect(seen.map(({ body }) => body.input.length)).toEqual([32, 8]);
		expect(seen[0]).toMatchObject({
			url: "/v1/embeddings",
			headers: { authorization: "Bearer secret" },
			body: { model: "tiny" },
		});
		expect(embedder.id).toMatch(/\/tiny$/);
	});

	it("refuses answers that are not what was asked for", async () => {
		for (const [answer, message] of [
			[{ status: 500, body: {} }, "500"],
			[{ body: { data: [] } }, "1 vectors"],
			[{ body: { data: [{ index: 0, embedding: [1, 2, 3] }] } }, "2 numbers"],
			[{ body: { data: [{ index: 0, embedding: [1, "2"] }] } }, "2 numbers"],
			[{ body: { data: [{ index: 7, embedding: [1, 2] }] } }, "numbered wrongly"],
			[{ body: { data: [{ index: 0, embedding: [0, 0] }] } }, "zeros"],
			[{ status: 302, location: "http://127.0.0.1:9/", body: {} }, "could not embed"],
		] as const) {
			const embedder = keep(embedderFrom({ EMBEDDER: await endpoint(() => answer) }));
			const failure = await embedder.embed(["1"]).catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(EmbedderError);
			expect((failure as Error).message).toContain(message);
		}
	});

	it("needs model and dimensions in its address", () => {
		for (const setting of ["https://example.org/v1/embeddings", "https://example.org/?model=a&dims=x"])
			expect(() => embedderFrom({ EMBEDDER: setting })).toThrow(EmbedderError);
	});
});

describe("the other drivers", () => {
	it("lexical gives no vectors", async () => {
		const lexical = embedderFrom({ EMBEDDER: "lexical" });
		expect(lexical.dims).toBe(0);
		expect(await lexical.embed(["a", "b"])).toEqual([new Float32Array(0), new Float32Array(0)]);
	});

	it("onnx says which file its folder lacks, and that its package or model can't be loaded", async () => {
		expect(() => embedderFrom({ EMBEDDER: `onnx:${folder}` })).toThrow(
			"lacks model.onnx, tokenizer.json, config.json",
		);
		writeFileSync(join(folder, "model.onnx"), "not a model");
		writeFileSync(join(folder, "config.json"), JSON.stringify({ hidden_size: 8 }));
		const vocab = { "[UNK]": 0, "[CLS]": 1, "[SEP]": 2 };
		writeFileSync(join(folder, "tokenizer.json"), JSON.stringify({ model: { vocab } }));
		const embedder = keep(embedderFrom({ EMBEDDER: `onnx:${folder}` }));
		expect(embedder.dims).toBe(8);
		const failure = await embedder.embed(["a"]).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(EmbedderError);
		expect((failure as Error).message).toMatch(/onnx/);
	});

	it("a misspelt setting is refused, not taken for another driver", () => {
		expect(() => embedderFrom({ EMBEDDER: "lexicall" })).toThrow("lexicall is none of");
	});
});
