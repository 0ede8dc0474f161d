import { Socket } from "node:net";
import postgres from "postgres";

type Types = Record<string, postgres.PostgresType>;

/**
 * A pool of connections to the PostgreSQL at `url`, opened on first use. The caller ends it with `sql.end()`.
 *
 * Everything postgres.js knows can be given and wins over what stands here; int8 stays text unless the caller
 * says otherwise (`types: { bigint: postgres.BigInt }`), because only the caller knows which columns are money.
 * A parameter in the URL (`?application_name=bench`) wins over both.
 *
 * After any connection error, end this client and connect anew rather than trust what its pool believes.
 */
export function connect<T extends Types = Record<never, never>>(
	url: string,
	options: postgres.Options<T> = {},
) {
	return postgres<T>(url, {
		max: 10,
		// An unreachable database should be an answer the door can give as 503, not a wait of half a minute.
		connect_timeout: 10,
		prepare: true,
		// "relation already exists, skipping" is not for the operator's terminal.
		onnotice: () => {},
		...unheld(),
		...options,
		connection: {
			application_name: "weekly-agent-exchange",
			// Dates cross as instants; a session in the server's own zone would render and truncate them elsewhere.
			TimeZone: "UTC",
			...options.connection,
		},
	});
}

/**
 * Connections that send what they have at once. The driver sends a long question in two parts, and node's sockets keep the second
 * back until the first is acknowledged, which PostgreSQL, waiting for the second, does after 40 ms (Nagle's algorithm).
 */
function unheld() {
	let turn = 0;
	return {
		socket({ host, port, path }: { host: string[]; port: number[]; path?: string }) {
			const socket = new Socket().setNoDelay(true);
			if (path) return socket.connect(path);
			const at = turn++ % port.length;
			// By these the driver knows whose certificate to ask for, and where it was when it tells of trouble.
			return Object.assign(socket.connect(port[at]!, host[at]!), { host: host[at], port: port[at] });
		},
	};
}
