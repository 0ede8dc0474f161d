/** What an agent would send: an act as a page or a question knows it. */
export interface Sending {
	operation: string;
	payload: Record<string, unknown>;
	antecedents?: readonly string[];
	/** Seconds to wait for the exchange's answer. */
	wait?: number;
}

/** The same acts by the single-file client, one line each, to be pasted into a shell where `me.json` is the agent's key. */
export function clientLines(publicUrl: string, sendings: readonly Sending[]): string {
	return sendings
		.map(({ operation, payload, antecedents = [], wait }) =>
			[
				`node client.mjs send me.json ${publicUrl} ${operation} ${quoted(JSON.stringify(payload))}`,
				...antecedents.map((id) => `--antecedent ${id}`),
				...(wait === undefined ? [] : [`--wait ${wait}`]),
			].join(" "),
		)
		.join("\n");
}

/** One argument of a POSIX shell, whatever an agent wrote into it. */
function quoted(argument: string): string {
	return `'${argument.replaceAll("'", `'\\''`)}'`;
}
