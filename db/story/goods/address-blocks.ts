/**
 * Allow-lists of address blocks, both families. An IPv4 address is kept as its IPv4-mapped IPv6 form, so `::ffff:10.1.2.3`
 * (what a dual-stack socket reports) and `10.1.2.3` are one address, and one comparison serves both.
 */
export interface AddressBlock {
	first: bigint;
	last: bigint;
}

const MAPPED = 0xffffn << 32n;

/** The address as 128 bits; undefined for what is none. Zone ids (`fe80::1%eth0`) are refused. */
export function parseAddress(text: string): bigint | undefined {
	const four = parseFour(text);
	if (four !== undefined) return MAPPED | four;
	if (!text.includes(":")) return undefined;
	const halves = text.split("::");
	if (halves.length > 2) return undefined;
	const head = groups(halves[0]!, halves.length === 1);
	const tail = halves.length === 2 ? groups(halves[1]!, true) : [];
	if (!head || !tail) return undefined;
	const missing = 8 - head.length - tail.length;
	// "::" stands for one group or more; without it all eight are there.
	if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
	const all = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
	return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** `10.0.0.0/8` or `2001:db8::/32`. Throws for what is none, and for bits set behind the prefix: mostly a typing error. */
export function parseBlock(text: string): AddressBlock {
	const [address = "", bits] = text.split("/");
	const first = parseAddress(address);
	const width = parseFour(address) === undefined ? 128 : 32;
	const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
	if (first === undefined || !(prefix <= width)) throw new RangeError(`not an address block: ${text}`);
	const rest = (1n << BigInt(width - prefix)) - 1n;
	if ((first & rest) !== 0n) throw new RangeError(`${text} has bits set behind its prefix`);
	return { first, last: first | rest };
}

/** A test for membership. Blocks are sorted and merged once, so a thousand of them cost ten comparisons. */
export function addressList(blocks: readonly string[]): (address: string) => boolean {
	const merged: AddressBlock[] = [];
	for (const block of blocks.map(parseBlock).sort((a, b) => (a.first < b.first ? -1 : 1))) {
		const before = merged.at(-1);
		if (before && block.first <= before.last + 1n) {
			if (block.last > before.last) before.last = block.last;
		} else merged.push({ ...block });
	}
	return (address) => {
		const value = parseAddress(address);
		if (value === undefined) return false;
		let [low, high] = [0, merged.length - 1];
		while (low <= high) {
			const middle = (low + high) >> 1;
			if (value < merged[middle]!.first) high = middle - 1;
			else if (value > merged[middle]!.last) low = middle + 1;
			else return true;
		}
		return false;
	};
}

function parseFour(text: string): bigint | undefined {
	const parts = text.split(".");
	// No leading zeros: some parsers read 010 as eight, and an allow-list must not be read in two ways.
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
		return undefined;
	return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** 16-bit groups of one side of "::"; the last may be an IPv4 address in dots, where `dots` says so. */
function groups(text: string, dots: boolean): bigint[] | undefined {
	if (text === "") return [];
	const found: bigint[] = [];
	const parts = text.split(":");
	for (const [i, part] of parts.entries()) {
		const four = dots && i === parts.length - 1 ? parseFour(part) : undefined;
		if (four !== undefined) found.push(four >> 16n, four & 0xffffn);
		else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`));
		else return undefined;
	}
	return found;
}
