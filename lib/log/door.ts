import type * as z from "zod";
import { nodeCrypto } from "./bytes";
import { type Json, parseStrict } from "./json";
import { type Candidate, tagsOf } from "./machine";
import { type Content, draft, envelope, identify, isDetached, type Message, type Payload } from "./message";
import { pointer, type Refusal, refusal, wrongTags } from "./refusal";
import type { Registry } from "./registry";
import { verifyFast } from "./sign";

export const MAX_MESSAGE_BYTES = 7 * 1024 * 1024;

export const tooLarge = refusal(
	"too-large",
	413,
	"The request is larger than the exchange reads.",
	"One message has at most 7 MiB on the wire, an NDJSON batch at most 8 MiB.",
);
const notJson = refusal(
	"not-json",
	400,
	"The body is not the strict JSON the protocol asks for.",
	"Send one UTF-8 JSON object; see the protocol's rules for JSON.",
);
const notAMessage = refusal(
	"not-a-message",
	400,
	"The body is not a message: exactly the seven fields, each in its form.",
	"Send id, sender, tags, payload, antecedents, timestamp, signature, and nothing else.",
);
const idMismatch = refusal(
	"id-mismatch",
	400,
	"The id is not the hash of the signing bytes.",
	"Hash the bytes again; the exchange's key is part of them, content counts as its length and hash.",
);
const unknownOperation = refusal(
	"unknown-operation",
	422,
	"The tags name no operation of this exchange.",
	"Give exactly one operation's tag; GET /api/openapi.json lists them.",
);
const unknownField = refusal(
	"unknown-field",
	422,
	"The payload has a field that this operation does not know.",
	"Leave the field out: absent is absent.",
);
const nullNotAllowed = refusal(
	"null-not-allowed",
	422,
	"null stands where a value or nothing belongs.",
	"Leave the field out: absent is absent.",
);
const missingField = refusal(
	"missing-field",
	422,
	"A field that this operation needs is missing.",
	"Add the field; GET /api/openapi.json has the schema.",
);
const outOfBounds = refusal(
	"out-of-bounds",
	422,
	"A value is outside its bounds.",
	"GET /api/openapi.json has the bounds.",
);
const invalidField = refusal(
	"invalid-field",
	422,
	"A value is not of its field's form.",
	"GET /api/openapi.json has the schema.",
);
const badSignature = refusal(
	"bad-signature",
	401,
	"The signature does not verify under the strict rule.",
	"Sign the signing bytes with the sender's key; canonical encodings only.",
);

export type Read =
	| { refusal: Refusal; candidate?: undefined; contents?: undefined }
	| { refusal?: undefined; candidate: Candidate; contents: Content[] };

/**
 * Everything that can be judged without the state, in the order of OPERATIONS "Answers of the door":
 * JSON and envelope (400), payload and tags (422), signature (401). What it lets through goes to the sequencer.
 *
 * The signature is verified here and not in node's thread pool: handing it over and back costs half of verifying it. So whoever
 * reads many gives the event loop a turn between them.
 */
export function read(registry: Registry, exchangeKey: string, body: Uint8Array | string): Read {
	const parsed = parse(body);
	if ("code" in parsed) return { refusal: parsed };
	const framed = envelope(parsed.value);
	if (!framed.ok)
		return { refusal: notAMessage({ detail: framed.detail, field: framed.pointer || undefined }) };
	const { id: claimed, signature } = framed.message;
	const identified = identify(exchangeKey, framed.message);
	if (identified.id !== claimed) return { refusal: idMismatch({ field: "/id" }) };
	const judged = judge(registry, identified.message, framed.message.payload);
	if ("code" in judged) return { refusal: judged };
	if (!verifyFast(framed.message.sender, identified.bytes, signature))
		return { refusal: badSignature({ field: "/signature" }) };
	return {
		candidate: candidate(identified.message, identified, judged.operation, signature),
		contents: identified.contents,
	};
}

/** A draft, or a message, for the dry run: the same judgement; a draft has neither id, time nor signature to judge. */
export function readDraft(
	registry: Registry,
	exchangeKey: string,
	body: Uint8Array | string,
	now: number,
): Read & { isDraft?: boolean } {
	const parsed = parse(body);
	if ("code" in parsed) return { refusal: parsed };
	const value = parsed.value;
	const isMessage =
		typeof value === "object" &&
		value !== null &&
		!Array.isArray(value) &&
		("id" in value || "signature" in value);
	if (isMessage) return read(registry, exchangeKey, body);
	const framed = draft(value);
	if (!framed.ok)
		return { refusal: notAMessage({ detail: framed.detail, field: framed.pointer || undefined }) };
	const fields = { ...framed.message, timestamp: new Date(now).toISOString() };
	const identified = identify(exchangeKey, fields);
	const judged = judge(registry, identified.message, fields.payload);
	if ("code" in judged) return { refusal: judged };
	// A draft has no identity: a random one keeps it from being taken for a message that is known.
	const id = nodeCrypto!.randomBytes(32).toString("hex");
	return {
		candidate: candidate(identified.message, { ...identified, id }, judged.operation),
		contents: identified.contents,
		isDraft: true,
	};
}

function parse(body: Uint8Array | string): { value: Json } | Refusal {
	if (body.length > MAX_MESSAGE_BYTES) return tooLarge();
	const parsed = parseStrict(body);
	return parsed.ok ? { value: parsed.value } : notJson({ detail: parsed.detail, field: parsed.pointer });
}

function candidate(
	message: Omit<Message, "id" | "signature">,
	{ id, bytes, contents }: { id: string; bytes: Uint8Array; contents: Content[] },
	operation: Candidate["operation"],
	signature?: string,
): Candidate {
	// A text vouches for its hash with its own length, not for one that says another beside it.
	const owed = [...hashesIn(message.payload, ["payload"])].filter(
		({ sha256, bytes }) => !contents.some((text) => text.sha256 === sha256 && text.bytes === bytes),
	);
	const { sender, tags, payload, antecedents, timestamp } = message;
	return { id, operation, sender, tags, payload, antecedents, timestamp, bytes, signature, owed };
}

/** Where content stands, of which the rules see the hash. */
function* hashesIn(value: object, path: string[]): Generator<Candidate["owed"][number]> {
	for (const [name, member] of Object.entries(value)) {
		if (typeof member !== "object" || member === null) continue;
		const here = [...path, name];
		if (name === "content" && isDetached(member)) yield { ...member, pointer: pointer(here) };
		else yield* hashesIn(member, here);
	}
}

/** Payload and tags. `payload` is the detached form, `sent` the one on the wire. */
function judge(
	registry: Registry,
	message: Pick<Message, "tags" | "payload">,
	sent: Payload,
): { operation: Candidate["operation"] } | Refusal {
	const { tags, payload } = message;
	const known = registry.operations;
	const operationTags = [...new Set(tags)].filter((tag) => known.some((operation) => operation.tag === tag));
	if (operationTags.length !== 1) return unknownOperation({ field: "/tags" });
	const [tag] = operationTags as [string];
	const operation = registry.find(tag, payload.phase);
	if (!operation)
		return "phase" in payload
			? invalidField({
					field: "/payload/phase",
					detail: `phase is one of: ${registry.phases(tag).join(", ")}.`,
				})
			: missingField({ field: "/payload/phase" });
	const nullAt = findNull(sent, ["payload"]);
	if (nullAt) return nullNotAllowed({ field: pointer(nullAt) });
	const body = operation.body.safeParse(payload);
	if (!body.success) return fromIssue(body.error.issues[0]!);
	const required = tagsOf(operation, payload);
	const allowed = new Set([...required, ...(operation.optionalTags?.(payload) ?? [])]);
	const exact =
		new Set(tags).size === tags.length &&
		required.every((tag) => tags.includes(tag)) &&
		tags.every((tag) => allowed.has(tag));
	if (!exact) return wrongTags({ field: "/tags", detail: `The tags must be: ${required.join(", ")}.` });
	return { operation };
}

function fromIssue(issue: z.core.$ZodIssue): Refusal {
	// Content is judged by its length and hash, but what was sent is a text: the fault is the field's.
	const content = issue.path.indexOf("content");
	const field = pointer(["payload", ...issue.path.slice(0, content < 0 ? undefined : content + 1)]);
	if (issue.code === "unrecognized_keys")
		return unknownField({ field: pointer(["payload", ...issue.path, issue.keys[0]!]) });
	// zod leaves the input out of issues; a value that is absent is told by its message alone.
	if (issue.code === "invalid_type" && issue.message.endsWith("received undefined"))
		return missingField({ field });
	if (issue.code === "too_big" || issue.code === "too_small")
		return outOfBounds({ field, detail: `${sentence(issue.message)}` });
	return invalidField({ field, detail: sentence(issue.message) });
}

function sentence(message: string): string {
	return `This value ${/^must/.test(message) ? message : `is not right: ${message}`}.`;
}

function findNull(value: unknown, path: string[]): string[] | undefined {
	if (value === null) return path;
	if (typeof value !== "object") return undefined;
	for (const [name, member] of Object.entries(value as object)) {
		if (typeof member !== "object") continue;
		const found = findNull(member, [...path, name]);
		if (found) return found;
	}
	return undefined;
}
