/** An IPv4 address as a number, or undefined for anything else: no leading zeros, no short forms. */
export function ipv4(text: string): number | undefined {
	const parts = text.split(".");
	if (parts.length !== 4) return undefined;
	let value = 0;
	for (const part of parts) {
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		value = value * 256 + Number(part);
	}
	return value;
}

export interface Block {
	first: number;
	last: number;
}

/** `10.0.0.0/8` as its first and last address. Throws for what is none, and for bits set behind the prefix. */
export function block(cidr: string): Block {
	const [address = "", bits = ""] = cidr.split("/");
	const first = ipv4(address);
	if (first === undefined || !/^(\d|[12]\d|3[0-2])$/.test(bits))
		throw new RangeError(`no CIDR block: ${cidr}`);
	const size = 2 ** (32 - Number(bits));
	if (first % size !== 0) throw new RangeError(`${cidr} has bits set behind its prefix`);
	return { first, last: first + size - 1 };
}

/** Whether an address lies in any of these blocks; false for what is no IPv4 address. */
export function inBlocks(address: string, blocks: readonly Block[]): boolean {
	const value = ipv4(address);
	return value !== undefined && blocks.some(({ first, last }) => first <= value && value <= last);
}
