const UNITS = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof UNITS;

/**
 * Seconds of `90`, `1h30m`, `2d 4h`, `1.5h` or ISO 8601 `PT1H30M`, `P2DT4H`, `P1W`; undefined for anything else. Units once
 * each and from large to small. Months and years are refused: they are no fixed number of seconds.
 */
export function seconds(text: string): number | undefined {
	const said = text.trim().toLowerCase();
	if (/^\d+(\.\d+)?$/.test(said)) return Number(said);
	const iso = /^p(?:(\d+w)|(\d+d)?(?:t(?=\d)(\d+h)?(\d+m)?(\d+(?:\.\d+)?s)?)?)$/.exec(said);
	const plain =
		/^(?=\d)(\d+(?:\.\d+)?w)?\s*(\d+(?:\.\d+)?d)?\s*(\d+(?:\.\d+)?h)?\s*(\d+(?:\.\d+)?m)?\s*(\d+(?:\.\d+)?s)?$/;
	const parts = (iso ?? plain.exec(said))?.slice(1).filter((part) => part !== undefined);
	if (!parts?.length) return undefined;
	return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * UNITS[part.at(-1) as Unit], 0);
}

/** The other way, the two largest units: `1h 30m`, `2d 4h`, `45s`, `0s`. Rounded to the smaller of the two. */
export function inWords(total: number): string {
	const units = Object.entries(UNITS).filter(([unit]) => unit !== "w");
	let largest = units.findIndex(([, size]) => total >= size);
	if (largest < 0) return `${Math.round(total)}s`;
	const smallest = Math.min(largest + 1, units.length - 1);
	let left = Math.round(total / units[smallest]![1]) * units[smallest]![1];
	// 59 m 59.7 s has become an hour.
	if (largest > 0 && left >= units[largest - 1]![1]) largest--;
	const parts: string[] = [];
	for (const [unit, size] of units.slice(largest, largest + 2)) {
		const count = Math.floor(left / size);
		left -= count * size;
		if (count > 0) parts.push(`${count}${unit}`);
	}
	return parts.join(" ");
}
