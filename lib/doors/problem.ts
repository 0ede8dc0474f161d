import { type Refusal, refusal } from "../log/refusal";
import { type Plain, plainJson, responseOf } from "./answer";

/** The one place where a refusal becomes HTTP: RFC 9457, with what to do next. `more`: members beside its own. */
export function plainProblem(
	refused: Refusal,
	headers: Record<string, string> = {},
	more: object = {},
): Plain {
	const { status, retryAfterSeconds } = refused;
	return plainJson(
		{ ...document(refused), ...more },
		{
			status,
			headers: {
				"Content-Type": "application/problem+json",
				...(retryAfterSeconds === undefined ? {} : { "Retry-After": `${retryAfterSeconds}` }),
				...(status === 401 ? { "WWW-Authenticate": 'Bearer realm="exchange"' } : {}),
				...headers,
			},
		},
	);
}

export function problem(refused: Refusal, headers?: Record<string, string>, more?: object): Response {
	return responseOf(plainProblem(refused, headers, more));
}

/** The document itself, as it also stands in a line of a batch's answer. */
export function document({ code, status, detail, field, next, see, retryAfterSeconds }: Refusal) {
	return {
		// Resolves: the catalogue of refusals is part of the OpenAPI document.
		type: `/api/openapi.json#/x-refusals/${code}`,
		title: `${code[0]!.toUpperCase()}${code.slice(1).replaceAll("-", " ")}`,
		status,
		detail,
		code,
		field,
		next,
		see,
		retry_after_seconds: retryAfterSeconds,
	};
}

export function isRefusal(value: unknown): value is Refusal {
	return (
		typeof value === "object" && value !== null && "code" in value && "next" in value && "detail" in value
	);
}

export const noSuchPage = refusal(
	"no-such-page",
	404,
	"There is nothing at this address.",
	"GET /llms.txt says what there is.",
);
export const methodNotAllowed = refusal(
	"method-not-allowed",
	405,
	"This address does not take this method.",
	"Use one of the methods that the Allow header lists.",
);
export const badParameter = refusal(
	"bad-parameter",
	400,
	"A query parameter is not of its form.",
	"GET /api/openapi.json lists the parameters of every address.",
);
export const unknownMessage = refusal(
	"unknown-message",
	404,
	"No message in this log has this id.",
	"Give the id of a recorded message: 64 lower-case hex digits.",
);
export const encodingNotTaken = refusal(
	"encoding-not-taken",
	415,
	"The exchange takes no compressed bodies.",
	"Send the body as it is, without Content-Encoding.",
);
export const typeNotTaken = refusal(
	"type-not-taken",
	415,
	"The body's Content-Type is not one that this address takes.",
	"Send application/json; POST /api/messages takes application/x-ndjson too.",
);
export const badBody = refusal(
	"bad-body",
	400,
	"The body is not what this address asks for.",
	"GET /api/openapi.json has the schema of every body.",
);
export const noSession = refusal(
	"no-session",
	401,
	"There is no session with this token: it has ended, or never was.",
	"Sign a nonce of POST /api/session/challenge and send it to POST /api/session.",
);
export const sessionNeeded = refusal(
	"session-needed",
	401,
	"This is shown only to a session.",
	"Sign a nonce of POST /api/session/challenge and send it to POST /api/session, then give the token as Authorization: Bearer.",
);
export const tooMany = refusal(
	"too-many",
	429,
	"Too many of these requests came in a short time.",
	"Wait as Retry-After says.",
);
