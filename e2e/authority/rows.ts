import { NO_SESSIONS, OVERSEERS, READERS, type Reader } from "./readers";
import type { Words } from "./things";

/**
 * Who may ask for what over HTTP, and what of it is not shown to everybody: every address of the OpenAPI document, by the method that
 * it is there for. `{id: the put}`: which one is asked for; behind a comma, how. What other methods are answered is the same for all
 * addresses, and stands with the test. An address without a row here is one whose authority nobody has written down.
 */
export const ROWS = {
	"anybody, and nobody is asked who he is": `
		GET /api/messages?limit=500
		GET /api/messages, as lines
		GET /api/messages/stream?after=0
		GET /api/messages/{id: the put}/proof
		GET /api/checkpoint
		GET /api/checkpoint/consistency?from=1
		GET /api/tile/{level: 0}/{index: 000.p/1}
		POST /api/session/challenge
		POST /api/session
		GET /api/exchange
		GET /api/board
		GET /api/board.ndjson
		GET /api/board.json
		GET /api/board.atom
		POST /api/board/read
		GET /api/posts/{id: the hidden post}
		GET /api/posts/{id: the post that was closed}
		GET /api/posts/{id: the post that was answered}
		GET /api/posts/{id: the hidden post}/mirror
		GET /api/posts/{id: the hidden post}/suggestions
		GET /api/entries
		GET /api/entries?q=How%20it%20is%20done
		GET /api/entries/{id: the put}
		GET /api/entries/{id: the hidden put}
		GET /api/entries/{id: the hidden put}?as_of={seq: the head}
		GET /api/orders/{id: the order}
		GET /api/orders/{id: the order}?as_of={seq: the head}
		GET /api/orders/{id: the hidden buy}?what_if=true
		GET /api/orders/{id: the hidden buy}?as_of={seq: the head}
		GET /api/orders/{id: the order that was offered the hidden put}
		GET /api/wanted
		GET /api/agents/{key: the seller}
		GET /api/agents/{key: the buyer}
		GET /api/agents/{key: who was hidden}
		GET /api/agents/{key: the seller}/reputation
		GET /api/agents/{key: the buyer}/waiting
		GET /api/agents/{key: who was hidden}/waiting
		GET /api/agents/{key: the buyer}/orders
		GET /api/agents/{key: who was hidden}/orders
		GET /api/agents/{key: who was hidden}/posts
		GET /api/agents/{key: the seller}/puts
		GET /api/agents/{key: who was hidden}/puts
		GET /api/agents/{key: who was hidden}/agreements
		GET /api/agents/{key: who was hidden}/debts
		GET /api/agents/{key: the author}/debts
		GET /api/agents/{key: who was hidden}/moderation
		GET /api/agents/{key: the seller}/moderation
		GET /api/health
		GET /api/metrics
		GET /api/openapi.json
		GET /llms.txt
		GET /client.mjs`,
	"anybody, but not by a token that is none": `
		POST /api/messages
		POST /api/messages, the accept again
		POST /api/messages, as lines
		POST /api/messages/dry-run
		GET /api/messages/{id: the put}
		GET /api/messages/{id: the delivery}
		GET /api/messages/{id: the preview}
		GET /api/messages/{id: the accept}
		GET /api/messages/{id: the reveal}
		GET /api/messages/{id: the hidden profile}
		GET /api/messages/{id: the hidden put}
		GET /api/messages/{id: the hidden buy}
		GET /api/messages/{id: the hidden post}
		GET /api/messages/{id: the hidden answer}
		GET /api/messages/{id: the hidden close}
		GET /api/messages/{id: the hidden flag}
		GET /api/messages/{id: the hidden appeal}
		GET /api/messages/{id: the accept}/changes`,
	"who is signed in": `
		GET /api/drafts
		DELETE /api/drafts/{id: a draft}
		POST /api/operator/claim
		DELETE /api/session`,
	"the buyer, and who oversees the house": `
		GET /api/agents/{key: the buyer}/ledger
		GET /api/agents/{key: the buyer}/ledger?as_of={seq: the head}
		GET /api/agents/{key: the buyer}/history.ndjson`,
} as const;
export type Open = keyof typeof ROWS;

/** What is answered to whom it is open, where that is not 200; and to those it is shut to, or to one reader alone. */
export const ANSWERS: Record<string, { open?: string; shut?: string } & Partial<Record<Reader, string>>> = {
	"POST /api/messages": { open: "201" },
	"POST /api/session": { open: "201" },
	"DELETE /api/session": { open: "204" },
	"DELETE /api/drafts/{id: a draft}": { open: "404 no-such-draft", "the draft's owner": "204" },
	// The house has its operator.
	"POST /api/operator/claim": { open: "409 claim-used" },
	"GET /api/agents/{key: the buyer}/ledger": { shut: "403 ledger-not-yours" },
	"GET /api/agents/{key: the buyer}/ledger?as_of={seq: the head}": { shut: "403 ledger-not-yours" },
	"GET /api/agents/{key: the buyer}/history.ndjson": { shut: "403 history-not-yours" },
};

/** Who oversees the house, and with it whoever these words belong to. */
const and = (...owners: Reader[]): readonly Reader[] => [...owners, ...OVERSEERS];
const GOODS = { "the goods": and("the buyer"), "their preview": and("the buyer") };
const PURSES = { "the buyer's purses": and("the buyer") };
/** A match repeats what its entries' sellers said: it is a message of the exchange's own, and hidden by a word on itself. */
const REPEATED = { "the hidden put": READERS };

/** Which of what is not for everybody an answer holds, and for whom. Everything else it holds for nobody. */
export const SHOWN: Record<string, Partial<Record<Words, readonly Reader[]>>> = {
	"GET /api/messages?limit=500": REPEATED,
	"GET /api/messages, as lines": REPEATED,
	"GET /api/messages/stream?after=0": REPEATED,
	"GET /api/orders/{id: the order that was offered the hidden put}": REPEATED,
	// Whoever sends a message again learns of its answer no more than he may read anyway.
	"POST /api/messages, the accept again": GOODS,
	"POST /api/messages, as lines": GOODS,
	"POST /api/messages/dry-run": PURSES,
	"GET /api/messages/{id: the put}": {
		"the goods": and("the seller"),
		"their preview": and("the seller"),
		// It is flagged, and an answer holds its replies.
		"the hidden flag": OVERSEERS,
	},
	"GET /api/messages/{id: the delivery}": GOODS,
	"GET /api/messages/{id: the preview}": { "their preview": and("the buyer", "the seller") },
	"GET /api/messages/{id: the accept}": GOODS,
	"GET /api/messages/{id: the accept}/changes": PURSES,
	"GET /api/messages/{id: the hidden profile}": { "the hidden profile": OVERSEERS },
	"GET /api/messages/{id: the hidden put}": { "the hidden put": OVERSEERS },
	"GET /api/messages/{id: the hidden buy}": { "the hidden buy": OVERSEERS },
	"GET /api/messages/{id: the hidden post}": { "the hidden post": OVERSEERS },
	"GET /api/messages/{id: the hidden answer}": { "the hidden answer": OVERSEERS },
	"GET /api/messages/{id: the hidden close}": { "the hidden close": OVERSEERS },
	"GET /api/messages/{id: the hidden flag}": { "the hidden flag": OVERSEERS },
	"GET /api/messages/{id: the hidden appeal}": { "the hidden appeal": OVERSEERS },
	"GET /api/drafts": { "the draft": ["the draft's owner"] },
	"GET /api/agents/{key: the buyer}/ledger": PURSES,
	"GET /api/agents/{key: the buyer}/ledger?as_of={seq: the head}": PURSES,
	"GET /api/agents/{key: the buyer}/history.ndjson": {
		"the goods": ["the buyer"],
		"their preview": ["the buyer"],
		"the hidden put": and("the buyer"),
	},
};

export const MATRIX = Object.entries(ROWS).flatMap(([open, rows]) =>
	rows
		.trim()
		.split(/\n\s*/)
		.map((row) => ({ row, open: open as Open })),
);

/** The cell of a reader: status, code, and which words are in the answer. */
export function cellOf({ row, open }: (typeof MATRIX)[number], reader: Reader): string {
	const shown = Object.entries(SHOWN[row] ?? {}).flatMap(([words, to]) =>
		to.includes(reader) ? [words] : [],
	);
	return [answerTo(), ...shown].sort().join(" · ");

	function answerTo(): string {
		const { open: opened = "200", shut = "403", ...own } = ANSWERS[row] ?? {};
		if (open === "anybody, and nobody is asked who he is") return opened;
		if (NO_SESSIONS.includes(reader)) return "401 no-session";
		if (open === "anybody, but not by a token that is none") return opened;
		if (reader === "nobody") return "401 session-needed";
		if (open === "who is signed in") return own[reader] ?? opened;
		return ["the buyer", ...OVERSEERS].includes(reader) ? opened : shut;
	}
}

/** Whether it is not the same for everybody. */
export const isShut = (one: (typeof MATRIX)[number]): boolean =>
	READERS.some((reader) => cellOf(one, reader) !== cellOf(one, "nobody"));
