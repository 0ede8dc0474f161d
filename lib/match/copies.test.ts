import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopyIndex, shingles, sketch } from "./copies";

/** Sentences that differ from seed to seed, without chance. */
function prose(seed: number, words: number): string {
	let state = seed * 7919 + 1;
	const next = () => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		return state >>> 8;
	};
	return Array.from({ length: words }, () => `w${(next() % 2_000).toString(36)}`).join(" ");
}

const code = `
export function allow(store, callerId, nowMs) {
	const windowStart = nowMs - limits.windowMs;
	const recent = store.get(callerId) ?? [];
	const kept = recent.filter((instant) => instant > windowStart);
	if (kept.length >= limits.most) {
		return { allowed: false, retryAfterMs: kept[0] + limits.windowMs - nowMs };
	}
	kept.push(nowMs);
	store.set(callerId, kept);
	metrics.count("limiter.allowed", { caller: callerId });
	return { allowed: true, left: limits.most - kept.length };
}
export function forget(store, callerId) {
	if (!store.has(callerId)) return false;
	store.delete(callerId);
	metrics.count("limiter.forgotten", { caller: callerId });
	return true;
}
`;

const indexOf = (...contents: string[]) => {
	const index = new CopyIndex();
	contents.forEach((content, at) => {
		index.put(`e${at}`, sketch(content));
	});
	return index;
};
const overlap = (earlier: string, later: string) => indexOf(earlier).nearest(shingles(later))?.overlap ?? 0;

describe("near-duplicates", () => {
	it("are found in spite of case, white space, punctuation, invisible characters and naming style", () => {
		const disguised = code
			.replace(/\s+/g, " ")
			.replace(/[;{}]/g, " ")
			.replaceAll("callerId", "caller_id")
			.replaceAll("nowMs", "now\u200bMs")
			.toUpperCase();
		expect(overlap(code, disguised)).toBeGreaterThan(0.95);
	});

	it("are found when accents were put on words, in either way of writing them", () => {
		const text = prose(20, 300);
		const accented = text.replace(/w(\w)/g, "w\u0301$1").replace(/a/g, "á").normalize("NFC");
		expect(accented).not.toBe(text);
		expect(overlap(text, accented)).toBe(1);
		expect(overlap(accented, accented.normalize("NFD"))).toBe(1);
	});

	it("are found when an identifier was renamed throughout", () => {
		expect(overlap(code, code.replaceAll("kept", "stillCounting"))).toBeGreaterThan(0.6);
	});

	it("are found when one word in twenty was changed", () => {
		const text = prose(1, 3_000);
		const edited = text
			.split(" ")
			.map((word, at) => (at % 20 ? word : `changed${at}`))
			.join(" ");
		expect(overlap(text, edited)).toBeGreaterThan(0.7);
		expect(overlap(text, text.replace(/w\w+$/, "end"))).toBeGreaterThan(0.9);
	});

	it("are found inside ten times as much padding", () => {
		const text = prose(2, 2_000);
		const found = indexOf(prose(3, 2_000), text, prose(4, 2_000)).nearest(
			shingles(`${prose(5, 10_000)} ${text} ${prose(6, 10_000)}`),
		);
		expect(found).toMatchObject({ id: "e1" });
		expect(found!.overlap).toBeGreaterThan(0.95);
		expect(found!.contained).toBeLessThan(0.3);
	});

	it("are found when only a third of the earlier text was taken", () => {
		const text = prose(7, 3_000);
		expect(overlap(text, text.slice(0, text.length / 3))).toBeGreaterThan(0.9);
	});

	it("are not what has the same subject or the same boilerplate", () => {
		const licence = prose(8, 60);
		expect(overlap(prose(9, 2_000), prose(10, 2_000))).toBeLessThan(0.1);
		expect(overlap(`${licence} ${prose(11, 1_000)}`, `${licence} ${prose(12, 1_000)}`)).toBeLessThan(0.2);
	});

	it("are not long works that quote an entry made of a common snippet", () => {
		const snippet = prose(13, 40);
		const found = indexOf(snippet).nearest(shingles(`${prose(14, 3_000)} ${snippet} ${prose(15, 3_000)}`));
		expect(found!.containment).toBe(1);
		expect(found!.overlap).toBeLessThan(0.6);
	});

	it("are recognised for very short contents only when nearly all is the same", () => {
		expect(overlap("forty two", "Forty-two!")).toBe(1);
		expect(overlap("set the timeout to forty two seconds", "set the timeout to nine seconds")).toBeLessThan(
			0.6,
		);
		expect(overlap("", "")).toBe(0);
	});

	it("are found in texts without spaces", () => {
		const text =
			"滑动窗口限流器使用有序集合保存每个调用者的请求时间并在每次调用时删除过期的记录然后返回剩余的次数";
		expect(overlap(text, `说明：${text}。完`)).toBeGreaterThan(0.8);
	});
});

describe("CopyIndex", () => {
	it("keeps at most 128 hashes of an entry", () => {
		expect(sketch(prose(16, 50_000)).byteLength).toBeLessThanOrEqual(512);
	});

	it("leaves out entries the caller does not mean, and those removed", () => {
		const text = prose(17, 500);
		const index = indexOf(text, text);
		expect(index.nearest(shingles(text))?.id).toBe("e0");
		expect(index.nearest(shingles(text), (id) => id !== "e0")?.id).toBe("e1");
		index.remove("e0");
		index.put("e2", sketch(prose(18, 500)));
		expect(index.nearest(shingles(text))?.id).toBe("e1");
		index.remove("e1");
		expect(index.nearest(shingles(text))?.overlap ?? 0).toBe(0);
		expect(index.size).toBe(1);
	});

	it("finds every text in itself when thousands have come and gone", () => {
		const index = new CopyIndex();
		const words = (n: number) => Array.from({ length: 40 }, (_, i) => `w${n}x${i}`).join(" ");
		for (let n = 0; n < 5_000; n++) {
			index.put(`${n}`, sketch(words(n)));
			if (n >= 2_000) index.remove(`${n - 2_000}`);
		}
		expect(index.size).toBe(2_000);
		const wholly = (n: number) => index.near(shingles(words(n)), 0.9, () => true).map(({ id }) => id);
		for (let n = 0; n < 5_000; n += 7) expect(wholly(n)).toEqual(n < 3_000 ? [] : [`${n}`]);
	});

	it("samples other shingles under another salt, and still finds every text in itself", () => {
		const text = prose(19, 3_000);
		expect(sketch(text, 1)).not.toEqual(sketch(text, 2));
		fc.assert(
			fc.property(
				fc.string({ unit: "binary", maxLength: 400 }),
				fc.integer({ min: 0, max: 2 ** 32 - 1 }),
				(content, salt) => {
					const hashes = shingles(content, salt);
					const index = new CopyIndex();
					index.put("a", sketch(content, salt));
					expect(index.nearest(hashes)?.overlap).toBe(hashes.length ? 1 : undefined);
					expect([...hashes]).toEqual([...new Set(hashes)].sort((a, b) => a - b));
				},
			),
		);
	});
});
