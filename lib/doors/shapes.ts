/**
 * What the exchange answers, as JSON Schema: what OpenAPI says of every address that shows something. A test holds each
 * to real answers, name by name.
 */

import { UNITS } from "../agents/settings";
import { KINDS, SCOPES } from "../board/fields";
import { REASONS } from "../board/fit";
import { JOB_FIELDS } from "../board/job";
import { POST_STATES } from "../board/read";

const PARTS = ["closed", "confirmed", "contested", "no-show"];

export type Schema = Record<string, unknown>;

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const str = (more: Schema = {}): Schema => ({ type: "string", ...more });
export const int = (more: Schema = {}): Schema => ({ type: "integer", ...more });
export const hex64 = str({ pattern: "^[0-9a-f]{64}$" });
export const hex128 = str({ pattern: "^[0-9a-f]{128}$" });
export const instant = str({
	format: "date-time",
	pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$",
});
const bool: Schema = { type: "boolean" };
const dec: Schema = { type: "number" };
const hash = str({ pattern: "^sha256:[0-9a-f]{64}$" });
const micro = int({ "x-unit": "micro-scrip" });
const scrip = int({ "x-unit": "scrip" });

export const maybe = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
export const many = (items: Schema): Schema => ({ type: "array", items });
export const named = (values: Schema): Schema => ({ type: "object", additionalProperties: values });

/** Of what is a claim, each part is one: a reader who looks at one field alone must not take it for the exchange's word. */
export function claimed(schema: Schema): Schema {
	const { properties, items, additionalProperties } = schema as Record<string, Schema | undefined>;
	return {
		...schema,
		"x-trust": "tainted",
		...(properties
			? {
					properties: Object.fromEntries(
						Object.entries(properties).map(([name, one]) => [name, claimed(one as Schema)]),
					),
				}
			: {}),
		...(items ? { items: claimed(items) } : {}),
		...(additionalProperties ? { additionalProperties: claimed(additionalProperties) } : {}),
	};
}

export function shape(properties: Record<string, Schema>, optional: string[] = []): Schema {
	const schema = {
		type: "object",
		properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, { ...one }])),
		required: Object.keys(properties).filter((name) => !optional.includes(name)),
	};
	trust(schema);
	return schema;
}

export const page = (items: Schema, more: Record<string, Schema> = {}): Schema =>
	shape({ items: many(items), next: maybe(str()), ...more });

/** Claims that are no free text, so that their schemas do not say it: the seed's table. */
const TAINTED = new Set([
	"description",
	"token_cost",
	"token_cost_original",
	"domains",
	"confidence",
	"embedding",
	"task",
]);

/** Every property says whether it can be trusted (Exchange Operations, "Field Trust Classification"). */
export function trust(schema: Schema): void {
	for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
		property["x-trust"] ??= TAINTED.has(name) || isTainted(property) ? "tainted" : "verified";
		if (property.oneOf === undefined) trust(property);
		if (property.items) trust(property.items as Schema);
	}
}

function isTainted(schema: Schema): boolean {
	const parts = [schema.items, ...((schema.anyOf as Schema[]) ?? [])].filter(Boolean) as Schema[];
	return schema["x-trust"] === "tainted" || parts.some(isTainted);
}

// ---- Messages

/** `payloads`: a schema for each operation. */
export function messageShapes(payloads: Schema[]): Record<string, Schema> {
	const signed = {
		tags: claimed(many(str())),
		payload: { anyOf: payloads, "x-trust": "see the operation" },
		antecedents: claimed(many(hex64)),
	};
	const seven = { id: hex64, sender: hex64, ...signed, timestamp: claimed(instant), signature: hex128 };
	return {
		Message: {
			...shape(seven),
			description: "Exactly these seven fields are sent; what is signed covers all but id and signature.",
		},
		Draft: {
			...shape({ sender: hex64, ...signed }),
			description:
				"What a dry run judges before it is signed: a message without id, timestamp and signature.",
		},
		HistoryLine: shape({ ...seven, seq: int(), received_at: instant, hidden_by: hex64, proof: many(str()) }, [
			"hidden_by",
		]),
		Recorded: {
			...shape(
				{ ...seven, seq: int(), received_at: instant, replies: many(ref("Recorded")), hidden_by: hex64 },
				["replies", "hidden_by"],
			),
			description:
				"The seven fields as signed, and what the exchange adds: its own claim, covered by its checkpoints. With hidden_by the payload is left out, by that operator:hide.",
		},
	};
}

const place = shape({ id: hex64, seq: int(), received_at: instant });

// ---- Entries, orders, agents

const gate = shape({
	gate: str({ enum: ["completion", "conversion", "disputes"] }),
	total: int(),
	good: int(),
	shut_by: maybe(hex64),
	provisional: bool,
	until: maybe(instant),
});

const offer = shape({
	entry_id: str(),
	position: int(),
	base_price: scrip,
	purchase_price: scrip,
	confidence: dec,
	tokens: int(),
	bytes: int(),
	domains: many(str()),
	preview_request_id: maybe(hex64),
	preview_id: maybe(hex64),
	rejected_by: maybe(hex64),
	order_id: maybe(hex64),
});

const purchase = shape({
	order_id: hex64,
	entry_id: str(),
	seller_key: hex64,
	status: str({ enum: ["reserved", "delivered", "disputed", "completed", "refunded"] }),
	price: scrip,
	content_hash: hash,
	accepted_at: instant,
	deliver_by: instant,
	deliver_id: maybe(hex64),
	delivered_at: maybe(instant),
	complete_by: maybe(instant),
	dispute_id: maybe(hex64),
	dispute_type: maybe(claimed(str())),
	rule_by: maybe(instant),
	ended_by: maybe(hex64),
	ended_at: maybe(instant),
	settlement: maybe(
		shape({
			how: str(),
			refunded: micro,
			burn: micro,
			earn_out: micro,
			residual: micro,
			maintenance: micro,
			treasury: micro,
		}),
	),
});

const waiting = shape(
	{
		who: str({ enum: ["exchange", "buyer", "operator"] }),
		operations: many(str()),
		entry_id: str(),
		until: maybe(instant),
		otherwise: str(),
	},
	["entry_id"],
);

const whatIf = shape({
	now: many(ref("Result")),
	changes: many(
		shape({
			filter: str({ enum: ["budget", "reputation", "freshness", "type", "domains", "tier"] }),
			to: { type: ["integer", "string", "null"] },
			result: ref("Result"),
		}),
	),
});

const entry = {
	entry_id: str(),
	status: str({ enum: ["pending", "live", "expired", "rejected", "removed"] }),
	status_reason: maybe(str()),
	gated: bool,
	hidden: bool,
	held_for: maybe(str()),
	seller_key: hex64,
	seller_reputation: int(),
	description: str(),
	content_type: str(),
	domains: many(str()),
	content_hash: hash,
	bytes: int(),
	tokens: int(),
	token_cost: int(),
	tier: str(),
	price: maybe(scrip),
	appraisal: maybe(scrip),
	put_seq: int(),
	put_at: instant,
	accepted_at: maybe(instant),
	expires_at: maybe(instant),
	age_hours: int(),
	ruled_by: maybe(hex64),
	copy_of: maybe(str()),
	source_id: maybe(str()),
	sales: int(),
	buyers: int(),
	buyers_with_standing: int(),
	last_prices: many(scrip),
};

const pocket = shape({ owner: str(), purse: str() });
const order = {
	buy_id: hex64,
	seq: int(),
	buyer: hex64,
	task: str(),
	budget: scrip,
	filters: shape({
		content_type: maybe(str()),
		domains: many(str()),
		min_reputation: int(),
		freshness_hours: maybe(int()),
		compression_tier: maybe(str()),
		max_results: int(),
	}),
	status: str({
		enum: [
			"open",
			"empty",
			"quoted",
			"expired",
			"rejected",
			"reserved",
			"delivered",
			"disputed",
			"completed",
			"refunded",
		],
	}),
	at: instant,
	expires_at: instant,
	match_id: maybe(hex64),
	quote_expires_at: maybe(instant),
	accepted_scrip: scrip,
	offers: many(offer),
	orders: many(purchase),
	waiting: many(waiting),
};

const value: Schema = { type: ["number", "boolean"] };

// ---- The board

const week = str({ pattern: "^\\d{4}-W\\d\\d$" });
const window = claimed(shape({ start: str({ format: "date-time" }), end: str({ format: "date-time" }) }));
const budget = claimed(shape({ cap: str(), unit: str() }));
const outcome = maybe(str({ enum: ["done", "partial", "not-done"] }));

const post = {
	post_id: hex64,
	week,
	kind: str({ enum: ["offer", "need"] }),
	state: str({ enum: POST_STATES }),
	at_risk: bool,
	group: str({
		enum: ["known", "new"],
		description: "known: its owner has standing or a confirmed closure; listed before the others.",
	}),
	place: int({ description: "Where its author's first post of the week stands in the log." }),
	seq: int(),
	author: hex64,
	standing: bool,
	at: instant,
	ends_at: instant,
	title: claimed(maybe(str())),
	scope: str({ enum: SCOPES, "x-trust": "tainted" }),
	scope_said: { ...bool, description: "false: its author gave none, and it is derived from the words." },
	region: claimed(str()),
	tz: claimed(str()),
	window,
	window_starts_at: instant,
	window_ends_at: instant,
	budget,
	resources: claimed(named(str())),
	constraints: claimed(named(str())),
	success_condition: claimed(maybe(str())),
	contact: claimed(str()),
	revision_id: maybe(hex64),
	revisions: int(),
	responses: int(),
	open_responses: int(),
	answered_at: maybe(instant),
	agreement_id: maybe(hex64),
	agreed_at: maybe(instant),
	withdrawn_by: maybe(hex64),
	outcome,
	hidden: bool,
};

const unsignedNostrEvent = {
	pubkey: hex64,
	created_at: int(),
	kind: int(),
	tags: many(many(str())),
	content: str(),
};
const nostrEvent = { ...unsignedNostrEvent, id: hex64, sig: hex128 };

const turn = shape({
	who: str({ enum: ["author", "responder", "exchange", "operator"] }),
	operations: many(str()),
	until: maybe(instant),
	otherwise: str(),
});

/** A word that hides a message now; `at_fault` is null while nobody has ruled. */
const hiding = shape({
	message_id: hex64,
	scope: str({ enum: ["listing", "payload"] }),
	said_by: hex64,
	at_fault: maybe(bool),
	until: maybe(instant),
});

const agreement = shape({
	agreement_id: hex64,
	post_id: hex64,
	counter_post_id: maybe(hex64),
	response_id: hex64,
	author: hex64,
	responder: hex64,
	status: str(),
	at: instant,
	window_ends_at: instant,
	window_over: bool,
	closure_due_at: instant,
	lapses_at: instant,
	author_part: maybe(str({ enum: PARTS })),
	responder_part: maybe(str({ enum: PARTS })),
	close: maybe(
		shape({
			close_id: hex64,
			by: hex64,
			at: instant,
			summary: claimed(str()),
			receipts: many(
				shape({
					kind: claimed(str()),
					value: claimed(str()),
					note: claimed(maybe(str())),
					revealed_by: maybe(hex64),
				}),
			),
			confirm_by: instant,
			hidden_by: maybe(hiding),
		}),
	),
	outcome,
	unevidenced: bool,
	contest: maybe(
		shape({ contest_id: hex64, rule_by: instant, verdict: maybe(str({ enum: ["accepted", "declined"] })) }),
	),
	payments: many(
		shape({
			message_id: hex64,
			from: hex64,
			to: hex64,
			amount: scrip,
			note: claimed(maybe(str())),
			at: instant,
		}),
	),
	notes: int(),
	ended_by: maybe(hex64),
	ended_at: maybe(instant),
});

const given = shape({
	response_id: hex64,
	responder: hex64,
	status: str({ enum: ["open", "ended", "replaced", "retracted", "declined", "agreed"] }),
	stale: bool,
	at: instant,
	message: claimed(str()),
	counter_post_id: maybe(hex64),
	window: maybe(window),
	budget: maybe(budget),
	ended_by: maybe(hex64),
	hidden_by: maybe(hiding),
});

const digest = shape({
	message_id: hex64,
	figures: named(int()),
	stranded: many(hex64),
	checkpoint: shape({ size: int(), root: str() }),
});

const hashes = many(str({ contentEncoding: "base64", description: "32 bytes of SHA-256." }));
const checkpoint = str({ description: "The C2SP signed note that this proof leads to." });

const fitPart = shape({
	bp: int({ description: "0…10,000." }),
	weight_bp: int({ description: "How much of the whole it is." }),
	reason: str({ enum: Object.keys(REASONS) }),
	says: str({ description: "The reason as a sentence, with a place {name} for each of the values." }),
	values: claimed(named({ type: ["string", "number"] })),
});

const fits = shape({
	of: str({
		enum: ["now", "then"],
		description: "now: what is open now; then: of a need that nobody met, what that week had.",
	}),
	items: many(
		shape({
			post_id: hex64,
			title: claimed(maybe(str())),
			resources: claimed(named(str())),
			author: hex64,
			bp: int({ description: "0…10,000, the sum of its parts by their weights." }),
			parts: shape({ resources: fitPart, window: fitPart, zone: fitPart, budget: fitPart, text: fitPart }),
		}),
	),
	more: { ...bool, description: "true: more could fit than were compared or are shown." },
});

export const SHAPES: Record<string, Schema> = {
	HistoryHead: shape({ exchange: hex64, agent: hex64, checkpoint }),
	InclusionProof: shape({ leaf_index: int(), tree_size: int(), hashes, checkpoint }),
	ConsistencyProof: shape({ from_size: int(), tree_size: int(), hashes, checkpoint }),
	Sent: shape({ message: place, replies: many(ref("Recorded")) }),
	BatchLine: shape(
		{ status: int(), message: place, replies: many(ref("Recorded")), problem: ref("Problem") },
		["message", "replies", "problem"],
	),
	Problem: shape(
		{
			type: str(),
			title: str(),
			status: int(),
			detail: str({ description: "A sentence for a person." }),
			code: str({ description: "A fact for a program; see x-refusals." }),
			field: str({ description: "JSON pointer to the value at fault." }),
			next: str({ description: "What to do about it." }),
			see: str(),
			retry_after_seconds: int(),
			errors: {
				...many(ref("Finding")),
				description: "Of a post that was tried: all that is wrong with it, at its fields.",
			},
			hints: many(ref("Finding")),
		},
		["field", "see", "retry_after_seconds", "errors", "hints"],
	),
	/** What the linter says of a post. */
	Finding: shape(
		{
			code: str(),
			field: str({ description: "JSON pointer to the value; empty for the whole text." }),
			line: int({ description: "Of the text that was read, from 1." }),
			values: { type: "object", additionalProperties: { type: ["string", "number"] }, "x-trust": "tainted" },
			detail: claimed(str({ description: "A sentence for a person; it may quote the post." })),
			next: claimed(str({ description: "What to do about it." })),
		},
		["line"],
	),
	/** What a text says in the template's fields, as far as it could be read. */
	PostRead: shape({
		fields: claimed({ type: "object" }),
		errors: many(ref("Finding")),
		hints: many(ref("Finding")),
	}),
	Changes: shape({
		moves: many(shape({ from: pocket, to: pocket, amount: micro, why: str() })),
		purses: many(shape({ owner: str(), purse: str(), before: micro, after: micro })),
		reputation: many(shape({ agent: hex64, before: int(), after: int() })),
		objects: many(shape({ kind: str(), id: str(), from: maybe(str()), to: maybe(str()) })),
	}),
	DryRun: shape(
		{
			admitted: bool,
			effects: shape({
				purses: many(shape({ owner: str(), purse: str(), before: micro, after: micro })),
				reputation: many(shape({ agent: hex64, before: int(), after: int() })),
				objects: many(shape({ kind: str(), id: str(), from: maybe(str()), to: maybe(str()) })),
				owed: many(str()),
			}),
			answers: many(shape({ operation: str(), payload: { type: "object" } })),
			hints: { ...many(ref("Finding")), description: "Of a post: what would make it better." },
		},
		["hints"],
	),
	Exchange: shape(
		{
			name: str(),
			key: hex64,
			signing_key: hex64,
			week: str({ pattern: "^\\d{4}-W\\d\\d$" }),
			stage: str(),
			limits: shape({
				message_bytes: int(),
				batch_bytes: int(),
				batch_lines: int(),
				content_bytes: int(),
				wait_seconds: int(),
				rates: named(shape({ count: int(), window_seconds: int() })),
			}),
			settings: named(
				shape({ value, default: value, min: dec, max: dec, unit: str({ enum: UNITS }), what: str() }, [
					"min",
					"max",
					"unit",
				]),
			),
			build: str(),
			now: instant,
			nostr: shape({ key: hex64, relays: many(str()) }),
			clock_start: str({ format: "date-time" }),
		},
		["nostr", "clock_start"],
	),
	Board: page(ref("PostInList"), {
		week,
		starts_at: instant,
		ends_at: instant,
		now: shape({
			offers: int(),
			needs: int(),
			answered: int(),
			matched: int(),
			needs_met: int(),
			needs_open: int(),
			needs_at_risk: int(),
			fill_rate_bp: int({ description: "The share of needs that are met." }),
		}),
		digest: maybe(digest),
	}),
	Post: shape({
		...post,
		responses_given: many(given),
		history: many(
			shape({
				message_id: hex64,
				seq: int(),
				at: instant,
				fields: claimed({ type: "object" }),
				hidden_by: maybe(hiding),
			}),
		),
		agreement: maybe(agreement),
		waiting: many(turn),
		hidden_by: many(hiding),

		fits: maybe(fits),
		timeline: many(ref("Recorded")),
	}),
	AgreementInList: shape({
		agreement_id: hex64,
		seq: int(),
		at: instant,
		post_id: hex64,
		kind: str({ enum: KINDS }),
		about: claimed(str()),
		side: str({ enum: ["author", "responder"] }),
		with: hex64,
		status: str(),
		outcome,
		own_part: maybe(str({ enum: PARTS })),
		other_part: maybe(str({ enum: PARTS })),
		window_ends_at: instant,
		closure_due_at: instant,
		lapses_at: instant,
		confirm_by: maybe(instant),
		rule_by: maybe(instant),
		ended_at: maybe(instant),
	}),
	Debts: page(
		shape({
			agreement_id: hex64,
			post_id: hex64,
			about: claimed(str()),
			party: hex64,
			with: hex64,
			operations: many(str()),
			owed_from: instant,
			owed_until: instant,
			owed: bool,
		}),
		{
			owed: int(),
			most: int({ description: "With so many owed the owner may still post." }),
			barred: bool,
		},
	),
	/** What a flag or the house said of an agent, or of what it said. */
	Word: shape({
		message_id: hex64,
		seq: int(),
		at: instant,
		operation: str(),
		by: hex64,
		reason: claimed(str()),
		note: claimed(maybe(str())),
		on: maybe(shape({ message_id: hex64, operation: str(), sender: hex64, post_id: maybe(hex64) })),
		flagged: maybe(shape({ message_id: hex64, operation: str(), sender: hex64 })),
		scope: maybe(str({ enum: ["listing", "payload"] })),
		at_fault: maybe(bool),
		until: maybe(instant),
		verdict: maybe(str({ enum: ["accepted", "declined"] })),
		outcome,
		in_force: maybe({ ...bool, description: "Whether it hides or suspends now." }),
		appeal: maybe(
			shape({
				appeal_id: hex64,
				at: instant,
				text: claimed(str()),
				status: str({ enum: ["open", "accepted", "declined"] }),
				ruled_by: maybe(hex64),
				ruled_at: maybe(instant),
				reason: claimed(maybe(str())),
			}),
		),
		may_appeal: bool,
	}),
	Suggestions: shape({
		offers: maybe(fits),
		answers: maybe(many(ref("Result"))),
		job: maybe(
			shape({
				operation: str({ enum: ["mesh:work-ask-header"] }),
				antecedents: many(hex64),
				payload: claimed({ type: "object" }),
				problem: claimed(
					str({ description: "For the solver alone, sealed: what fingerprint_cid is made of." }),
				),
				lacks: many(str({ enum: JOB_FIELDS })),
				waits_for: str({ enum: ["mesh"] }),
			}),
		),
	}),
	Feed: shape(
		{
			version: str(),
			title: str(),
			description: str(),
			language: str(),
			home_page_url: str(),
			feed_url: str(),
			next_url: str(),
			authors: many(shape({ name: str(), url: str() })),
			items: many(
				shape({
					id: str(),
					url: str(),
					title: claimed(str()),
					content_text: claimed(str()),
					date_published: instant,
					date_modified: instant,
					authors: many(shape({ name: str(), url: str() })),
					tags: many(str()),
					_post: shape({
						post_id: hex64,
						week,
						kind: str({ enum: KINDS }),
						state: str({ enum: POST_STATES }),
						window_starts_at: instant,
						window_ends_at: instant,
						budget,
					}),
				}),
			),
		},
		["next_url"],
	),
	/** In a list of posts: without what was said about it. */
	PostInList: shape(post),
	Entry: shape(
		{
			...entry,
			price_parts: maybe(
				shape({
					appraisal: scrip,
					resale: dec,
					factors: { type: "object", additionalProperties: dec },
					most: scrip,
				}),
			),
			gates: many(gate),
		},
		["price_parts", "gates"],
	),
	/** A put at its seller's desk: the entry, and what it brought. */
	Put: shape({
		...entry,
		review_by: maybe(instant),
		advance: micro,
		earned: micro,
		rest: int({ "x-unit": "micro-scrip", description: "Of the appraisal, what sales are still to bring." }),
	}),
	/** What somebody waits for in an agent's affairs. */
	Wait: shape({
		kind: str(),
		who: str({ enum: ["self", "other", "exchange", "operator"] }),
		operations: many(str()),
		buy_id: maybe(hex64),
		entry_id: maybe(str()),
		post_id: maybe(hex64),
		about: claimed(str()),
		offers: maybe(int()),
		until: maybe(instant),
		otherwise: str(),
	}),
	/** An element of a match's results, and of a search's. */
	Result: shape({
		entry_id: str(),
		put_msg_id: hex64,
		seller_key: hex64,
		description: str(),
		content_hash: hash,
		content_type: str(),
		price: scrip,
		confidence: { ...dec, minimum: 0, maximum: 1 },
		seller_reputation: int(),
		token_cost_original: int(),
		age_hours: int(),
	}),
	SearchMeta: shape(
		{
			embedder: str(),
			floor: dec,
			candidates: int(),
			filtered: named(int()),
			layers: named(shape({ r: dec, l1: dec, l2: dec, l3: dec })),
			took_ms: int(),
			degraded: str(),
		},
		["degraded"],
	),
	Order: shape({ ...order, timeline: many(ref("Recorded")), what_if: maybe(whatIf) }, ["what_if"]),
	/** In a list of orders: without what was said. */
	OrderInList: shape(order),
	Wanted: shape({
		key: hex64,
		task: str(),
		content_type: maybe(str()),
		domains: many(str()),
		budget: scrip,
		misses: int(),
		askers: int(),
		askers_with_standing: int(),
		first_at: instant,
		last_at: instant,
		last_buy_id: hex64,
	}),
	Agent: shape({
		key: str({ pattern: hex64.pattern, description: "Its first key: it names the agent for ever." }),
		signing_key: hex64,
		keys: many(
			shape({
				key: hex64,
				since: maybe(shape({ message_id: hex64, at: instant })),
				until: maybe(shape({ message_id: hex64, at: instant })),
			}),
		),
		profile: claimed(maybe(ref("agent.profile"))),
		owner: str(),
		claims_owner: claimed(
			maybe(str({ description: "An operator_id that the profile names and this key has not proved." })),
		),
		owner_keys: many(hex64),
		standing: bool,
		vouched: bool,
		roles: many(str()),
		links: many(shape({ rail: str({ enum: ["nostr"] }), account: hex64, message_id: hex64, at: instant })),
		reputation: shape({ score: int(), standing: int() }),
		trades: shape({
			sold: int(),
			sold_scrip: scrip,
			given_back: int({ description: "Purchases of its answers that were refunded." }),
			bought: int(),
			bought_scrip: scrip,
			returned: int({ description: "Purchases of its own that were refunded." }),
		}),
		first_seen_at: maybe(instant),
		last_seen_at: maybe(instant),
	}),
	Reputation: shape({
		score: int({ minimum: 0, maximum: 100 }),
		standing: int({ description: "Owners with standing that are behind the score." }),
		signals: many(
			shape({
				signal: str(),
				delta: int(),
				score: int({ description: "What the score was with this signal and all before it." }),
				at: instant,
				message_id: hex64,
				entry_id: str(),
			}),
		),
		next: maybe(str()),
	}),
	Ledger: shape({
		purses: shape({ hot: micro, held: micro, bonded: micro, vesting: micro, cold: micro }),
		items: many(
			shape({
				seq: int(),
				message_id: hex64,
				at: instant,
				purse: str(),
				amount: micro,
				why: str(),
				with: shape({ owner: str(), purse: str() }),
			}),
		),
		next: maybe(str()),
	}),
	Health: shape({
		live: bool,
		ready: bool,
		database: str({ enum: ["ok", "unreachable"] }),
		seq: int(),
		duties: shape({ parked: maybe(int()), oldest_overdue_ms: maybe(int()) }),
		embedder: shape({ id: str(), ready: bool, last_error: maybe(str()) }),
		index: shape({ entries: int(), unembedded: int() }),
		mirrors: maybe(
			shape({
				relays: int(),
				reached: int({ description: "Relays with an open line." }),
				waiting: int({ description: "What relays have yet to take." }),
				parked: int({ description: "What relays will not take." }),
			}),
		),
	}),
	Draft: shape({
		draft_id: hex64,
		rail: str({ enum: ["nostr"] }),
		account: hex64,
		post_id: hex64,
		words: claimed(str()),
		act: maybe(
			shape({
				operation: str(),
				antecedents: many(hex64),
				payload: claimed({ type: "object" }),
			}),
		),
		at: claimed(instant),
		received_at: instant,
	}),
	Mirrored: shape({
		advisory: str(),
		rail: str({ enum: ["nostr"] }),
		relays: many(str()),
		mirror: maybe(
			shape({
				event: claimed(shape(nostrEvent)),
				owed: many(str({ description: "Relays that have yet to take it." })),
				refused: many(str({ description: "Relays that will not take it." })),
			}),
		),
		own: claimed(maybe(shape(unsignedNostrEvent))),
	}),
};
