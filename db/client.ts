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
		...options,
		connection: {
			application_name: "weekly-agent-exchange",
			// Dates cross as instants; a session in the server's own zone would render and truncate them elsewhere.
			TimeZone: "UTC",
			...options.connection,
		},
	});
}
