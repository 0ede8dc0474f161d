/**
 * Refusals are values: a fact for programs (`code`), a sentence for people (`detail`), the HTTP status of
 * OPERATIONS "Answers of the door", and a next step. Each kind is declared once with `refusal(...)`; the
 * catalogue the docs, OpenAPI and tests read is what was declared.
 */
export interface Refusal {
	code: string;
	status: number;
	detail: string;
	/** JSON pointer to the value at fault. */
	field?: string;
	/** What to do about it: a sentence. */
	next: string;
	/** Where to look: the id of a message, an operation or a path. */
	see?: string;
	/** Seconds until it is worth another try (429, 503). */
	retryAfterSeconds?: number;
}

export interface RefusalKind {
	(with_?: Partial<Omit<Refusal, "code" | "status">>): Refusal;
	code: string;
	status: number;
	detail: string;
	next: string;
}

const declared = new Map<string, RefusalKind>();

/** `retryAfterSeconds`: of a 503, whose every answer says when to try again; whoever gives it may know better. */
export function refusal(
	code: string,
	status: number,
	detail: string,
	next: string,
	retryAfterSeconds?: number,
): RefusalKind {
	const known = declared.get(code);
	if (known) {
		if (known.status !== status)
			throw new Error(`refusal ${code} is declared as ${known.status} and ${status}`);
		return known;
	}
	const kind = Object.assign(
		(with_: Partial<Omit<Refusal, "code" | "status">> = {}): Refusal => ({
			code,
			status,
			detail,
			next,
			...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
			...with_,
		}),
		{ code, status, detail, next },
	);
	declared.set(code, kind);
	return kind;
}

/** A JSON pointer to where the fault is; it stops before a name that is not an ordinary one: senders write no text of ours. */
export function pointer(path: PropertyKey[]): string {
	const parts = path.map(String);
	const odd = parts.findIndex((part) => !/^[\w.-]{1,64}$/.test(part));
	return parts
		.slice(0, odd < 0 ? undefined : odd)
		.map((part) => `/${part}`)
		.join("");
}

/** Every kind of refusal the loaded code can give, by code. */
export function catalogue(): RefusalKind[] {
	return [...declared.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** When several hold, the door gives the first of these (OPERATIONS, "Answers of the door"). */
export const notYours = refusal(
	"not-yours",
	403,
	"This is somebody else's.",
	"Act on what you are a party to, with the key that began it.",
);
export const senderNotAllowed = refusal(
	"sender-not-allowed",
	403,
	"This sender may not do this.",
	"See who may send this operation in the reference; a house operator grants roles.",
);
export const unknownAntecedent = refusal(
	"unknown-antecedent",
	404,
	"No message in this log has the id given as antecedent.",
	"Give the id of a recorded message; the reference says of which operation.",
);
export const wrongAntecedent = refusal(
	"wrong-antecedent",
	422,
	"The antecedents are not those this operation answers.",
	"Give exactly the antecedents that the reference lists for this operation, in that order.",
);
export const notProcessed = refusal(
	"not-processed",
	503,
	"The exchange could not process this message; nothing of it was kept.",
	"Send the same message again: its id makes the retry safe.",
	5,
);
export const wrongTags = refusal(
	"wrong-tags",
	422,
	"The tags are not exactly those this operation produces from its payload.",
	"Send the operation's tag and one for each value the reference names, each once, and no others.",
);
export const tooLate = refusal(
	"too-late",
	409,
	"The time for this is over.",
	"Look at what the exchange has said since: GET /api/messages/{id} lists the replies.",
);
export const notDue = refusal(
	"not-due",
	409,
	"It is not yet due for that.",
	"Wait for the instant that is shown with it.",
);
