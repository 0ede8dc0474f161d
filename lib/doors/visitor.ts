import { BlockList, isIP } from "node:net";
import type { Asked } from "./answer";

/** Proxies whose word is taken for where a request comes from. */
export type Proxies = Pick<BlockList, "check">;

/**
 * The proxies of a list of addresses and networks (CIDR), undefined where one is neither.
 */
export function proxies(list: readonly string[]): Proxies | undefined {
	const trusted = new BlockList();
	for (const one of list) {
		const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(one) ?? [];
		const family = familyOf(address);
		const most = family === "ipv4" ? 32 : 128;
		if (!family || Number(bits ?? most) > most) return undefined;
		trusted.addSubnet(address, Number(bits ?? most), family);
	}
	return trusted;
}

/**
 * Where a request comes from, for limits by address: an IPv6 network counts as one, its hosts cost nothing. Of
 * X-Forwarded-For counts what a trusted proxy added, from the right as far as those before it are trusted too: what stands
 * further left anybody can write.
 */
export function addressOf(c: Asked, trusted?: Proxies): string {
	let from = plain(c.env?.incoming?.socket?.remoteAddress ?? "");
	const hops = trusted ? (c.req.header("X-Forwarded-For") ?? "").split(",") : [];
	while (trusted && vouchesFor(trusted, from)) {
		const before = plain(hops.pop() ?? "");
		if (!familyOf(before)) break;
		from = before;
	}
	if (from === "") return "unknown";
	return familyOf(from) === "ipv6" ? networkOf(from) : from;
}

function vouchesFor(trusted: Proxies, address: string): boolean {
	const family = familyOf(address);
	return family !== undefined && trusted.check(address, family);
}

const familyOf = (address: string) => (({ 4: "ipv4", 6: "ipv6" }) as const)[isIP(address)];

/** The address alone: some proxies write the port behind it, a socket that serves both families maps IPv4 into IPv6. */
function plain(hop: string): string {
	const address = hop.trim().replace(/^\[([^\]]*)\](:\d{1,5})?$/, "$1");
	return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/^([\d.]+):\d{1,5}$/, "$1");
}

/** Its first 64 bits, however it is written. */
function networkOf(address: string): string {
	const written = new URL(`http://[${address.split("%", 1)[0]!}]`).hostname.slice(1, -1);
	const [left = "", right] = written.split("::").map((side) => (side === "" ? [] : side.split(":")));
	const zeros = right ? Array(8 - left.length - right.length).fill("0") : [];
	return [...left, ...zeros, ...(right ?? [])].slice(0, 4).join(":");
}
