import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/**
 * A proxy before PostgreSQL that speaks just enough of its protocol to see a COMMIT go by, and to cut both lines: before it
 * is passed on, or once PostgreSQL has carried it out and before anybody hears of it.
 */
export async function openCutter(databaseUrl: string) {
	const target = new URL(databaseUrl);
	let order: "before" | "after" | undefined;
	let cuts = 0;
	const server = createServer((near) => {
		const far = connect(Number(target.port), target.hostname);
		const end = () => {
			near.destroy();
			far.destroy();
		};
		for (const socket of [near, far]) socket.on("error", end).on("close", end);
		let committing = false;
		const cut = () => {
			order = undefined;
			cuts++;
			end();
		};
		const commits = reader();
		near.on("data", (chunk: Buffer) => {
			committing = commits(chunk);
			if (committing && order === "before") cut();
			else far.write(chunk);
		});
		far.on("data", (chunk: Buffer) => {
			// Its answer shows that it is done.
			if (committing && order === "after" && chunk.includes("COMMIT\0")) cut();
			else near.write(chunk);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = new URL(databaseUrl);
	url.port = String((server.address() as AddressInfo).port);
	return {
		url: url.href,
		/** The next COMMIT that passes. */
		cutNext(where: "before" | "after"): void {
			order = where;
		},
		get cuts() {
			return cuts;
		},
		close: () => server.close(),
	};
}

/** Reads what a client sends, piece by piece, and says of each piece whether it holds a COMMIT. */
function reader(): (chunk: Buffer) => boolean {
	const statements = new Map<string, string>();
	let rest: Buffer = Buffer.alloc(0);
	let begun = false;
	return (chunk) => {
		rest = Buffer.concat([rest, chunk]);
		let commits = false;
		for (;;) {
			// The first message has no type: its length comes at once.
			const type = begun ? 1 : 0;
			if (rest.length < type + 4) return commits;
			const length = type + rest.readUInt32BE(type);
			if (rest.length < length) return commits;
			const [kind, body] = [begun ? String.fromCharCode(rest[0]!) : "", rest.subarray(type + 4, length)];
			const [first = "", second = ""] = body.toString("latin1").split("\0", 2);
			if (kind === "P") statements.set(first, second);
			// Of a bind, the second is the statement.
			const said = kind === "Q" ? first : kind === "B" ? statements.get(second) : undefined;
			if (said?.trim().toLowerCase() === "commit") commits = true;
			rest = rest.subarray(length);
			begun = true;
		}
	};
}
