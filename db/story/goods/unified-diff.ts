/**
 * The difference of two texts, line by line, as `diff -u` prints it. Myers' algorithm: the fewest lines removed and added,
 * in time proportional to length × difference, so that two long texts that are nearly alike are quick.
 */
export interface Edit {
	kind: " " | "-" | "+";
	line: string;
}

/** All lines of both texts in order: kept, removed, added. */
export function edits(before: readonly string[], after: readonly string[]): Edit[] {
	// What is the same at both ends need not be searched.
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	while (
		end < before.length - start &&
		end < after.length - start &&
		before[before.length - 1 - end] === after[after.length - 1 - end]
	)
		end++;
	const kept = (line: string): Edit => ({ kind: " ", line });
	return [
		...before.slice(0, start).map(kept),
		...myers(before.slice(start, before.length - end), after.slice(start, after.length - end)),
		...before.slice(before.length - end).map(kept),
	];
}

function myers(a: readonly string[], b: readonly string[]): Edit[] {
	const most = a.length + b.length;
	/** How far down `a` each diagonal (x − y) has come; one copy for every number of edits, to walk back by. */
	const trace: Map<number, number>[] = [];
	const reached = new Map<number, number>([[1, 0]]);
	for (let d = 0; d <= most; d++) {
		trace.push(new Map(reached));
		for (let k = -d; k <= d; k += 2) {
			const down = k === -d || (k !== d && reached.get(k - 1)! < reached.get(k + 1)!);
			let x = down ? reached.get(k + 1)! : reached.get(k - 1)! + 1;
			while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
			reached.set(k, x);
			if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace);
		}
	}
	throw new Error("every text can be made from every other");
}

function walkBack(a: readonly string[], b: readonly string[], trace: Map<number, number>[]): Edit[] {
	const found: Edit[] = [];
	let [x, y] = [a.length, b.length];
	for (let d = trace.length - 1; d >= 0; d--) {
		const reached = trace[d]!;
		const k = x - y;
		const down = k === -d || (k !== d && reached.get(k - 1)! < reached.get(k + 1)!);
		const from = down ? k + 1 : k - 1;
		const fromX = reached.get(from)!;
		const fromY = fromX - from;
		for (; x > fromX && y > fromY && y > 0; y--) found.push({ kind: " ", line: a[--x]! });
		if (d > 0) found.push(down ? { kind: "+", line: b[--y]! } : { kind: "-", line: a[--x]! });
	}
	return found.reverse();
}

/** Empty when the texts are the same. `context`: lines kept around each change. */
export function unifiedDiff(
	before: string,
	after: string,
	{ context = 3, names = ["before", "after"] }: { context?: number; names?: [string, string] } = {},
): string {
	const all = edits(linesOf(before), linesOf(after));
	const changed = all.flatMap(({ kind }, i) => (kind === " " ? [] : [i]));
	if (changed.length === 0) return "";
	const out = [`--- ${names[0]}`, `+++ ${names[1]}`];
	let [oldLine, newLine, at] = [1, 1, 0];
	for (let c = 0; c < changed.length; ) {
		const from = Math.max(at, changed[c]! - context);
		let to = changed[c]! + context + 1;
		// Changes whose surroundings touch share one hunk.
		while (++c < changed.length && changed[c]! - context <= to) to = changed[c]! + context + 1;
		const skipped = from - at;
		const hunk = all.slice(from, to);
		const olds = hunk.filter(({ kind }) => kind !== "+").length;
		const news = hunk.filter(({ kind }) => kind !== "-").length;
		oldLine += skipped;
		newLine += skipped;
		out.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@`);
		for (const { kind, line } of hunk) out.push(`${kind}${line}`);
		oldLine += olds;
		newLine += news;
		at = from + hunk.length;
	}
	return `${out.join("\n")}\n`;
}

const range = (line: number, count: number) =>
	count === 1 ? `${line}` : `${count === 0 ? line - 1 : line},${count}`;

/** A missing end of the last line makes another line of it, as it does for diff. */
function linesOf(text: string): string[] {
	if (text === "") return [];
	const lines = text.split("\n");
	if (lines.at(-1) === "") lines.pop();
	else lines[lines.length - 1] += "\n\\ No newline at end of file";
	return lines;
}
