import { describe, expect, test } from "vitest";
import type { Door } from "./ask";
import type { Reader } from "./readers";
import { cellOf, isShut, MATRIX } from "./rows";

/** What a request may bring along that somebody else would believe. TOKEN and KEY: a house operator's. */
const HEADERS: Record<string, string> = {
	"another method in a header": "X-HTTP-Method-Override: GET",
	"another method in another header": "X-HTTP-Method: DELETE",
	"a third one": "X-Method-Override: POST",
	"another address in a header": "X-Original-URL: /api/exchange",
	"a rewritten address": "X-Rewrite-URL: /api/exchange",
	"a request within the server": `X-Middleware-Subrequest: ${Array(5).fill("middleware").join(":")}`,
	"this machine as its origin": "X-Forwarded-For: 127.0.0.1",
	"this machine as its origin, in the words of the standard":
		"Forwarded: for=127.0.0.1;host=localhost;by=_secret",
	"a real address that is this machine's": "X-Real-IP: 127.0.0.1",
	"another host": "X-Forwarded-Host: localhost",
	"the host that it runs on": "Host: localhost",
	"a user by name": "X-Forwarded-User: operator",
	"a user by key": "X-Forwarded-User: KEY",
	"a role": "X-Role: operator",
	"a key that is none of these": "X-API-Key: KEY",
	"a session in a cookie": "Cookie: session=TOKEN; authjs.session-token=TOKEN",
	"a session for a proxy": "Proxy-Authorization: Bearer TOKEN",
	"a session in a header of another name": "X-Authorization: Bearer TOKEN",
	"a server's own next hop": "Connection: authorization",
	"a part of it": "Range: bytes=0-1",
};
/** What is shown in the place of a session, and is none. */
const AUTHORIZATIONS: Record<string, string> = {
	"a key instead of a session": "Bearer KEY",
	"a session under another scheme": "Basic TOKEN",
	"two schemes in one header": "Basic x, Bearer TOKEN",
	"two sessions in one header": "Bearer x, Bearer TOKEN",
	"a session with something behind it": "Bearer TOKEN.x",
	"a session in quotes": 'Bearer "TOKEN"',
	"a session that is the beginning of one": "Bearer TOKE",
	"any session": "Bearer *",
	"a question to the database": "Bearer ' or true --",
	nothing: "Bearer ",
};

/** Other ways to write an address. */
const SPELLED: Record<string, (path: string) => string> = {
	"two slashes before it": (path) => `/${path}`,
	"a slash behind it": (path) => path.replace(/(?=\?|$)/, "/"),
	"a dot in it": (path) => path.replace("/api", "/api/."),
	"two slashes in it": (path) => path.replace("/api/", "/api//"),
	"a way back in it": (path) => path.replace("/api/", "/api/x/../"),
	"an encoded way back in it": (path) => path.replace("/api/", "/api/x/%2e%2e/"),
	"a way back from where anybody may be": (path) => path.replace("/api/", "/api/exchange/..;/"),
	"an encoded letter": (path) => path.replace("/api", "/%61pi"),
	"a letter encoded twice": (path) => path.replace("/api", "/%2561pi"),
	"capital letters": (path) => path.replace("/api", "/API"),
	backslashes: (path) => path.replace("/api/", "/api\\"),
	"the name of a file behind it": (path) => path.replace(/(?=\?|$)/, ";.css"),
	"a question mark behind it": (path) => `${path}?`,
	"a session in the question": (path) =>
		`${path}${path.includes("?") ? "&" : "?"}token=TOKEN&access_token=TOKEN&key=KEY`,
	"another method in the question": (path) => `${path}${path.includes("?") ? "&" : "?"}_method=DELETE`,
	"an end before its end": (path) => path.replace(/(?=\?|$)/, "%00"),
	"an encoded slash behind it": (path) => path.replace(/(?=\?|$)/, "%2f"),
	"a fragment": (path) => `${path}#`,
	"its whole address": (path) => `http://localhost${path}`,
	"its whole address, with a user": (path) => `http://KEY:TOKEN@localhost${path}`,
};

/** A refusal that holds no words. */
const NONE = /^40[0145]( [a-z-]+)?$/;

/** Every address that is shut to somebody, or keeps something back, asked by who may not have it: nothing in the request opens it. */
export function tricks(given: () => Door): void {
	const shut = MATRIX.filter(isShut);
	const outsiders: Reader[] = ["nobody", "a stranger"];
	const isRead = ({ row }: (typeof shut)[number]) => row.startsWith("GET");

	/** The house operator's session and key, in the place of their names. */
	function filled(text: string): string {
		const { asking, market } = given();
		const token = asking.headers["the operator"].Authorization!.replace("Bearer ", "");
		return text
			.replaceAll("TOKEN", token)
			.replaceAll("TOKE", token.slice(0, -1))
			.replaceAll("KEY", market.operator.key);
	}

	/** All at once, but what may change something in turn. */
	async function eachShut(asked: (one: (typeof shut)[number], reader: Reader) => Promise<void>) {
		const all = shut.flatMap((one) => outsiders.map((reader) => ({ one, reader })));
		const reads = all.filter(({ one }) => isRead(one));
		await Promise.all(reads.map(({ one, reader }) => asked(one, reader)));
		for (const { one, reader } of all) if (!isRead(one)) await asked(one, reader);
	}

	describe("no trick of a request opens what is shut:", () => {
		for (const [trick, header] of Object.entries(HEADERS))
			test(trick, async () => {
				const [name, value] = filled(header).split(": ") as [string, string];
				await eachShut(async (one, reader) => {
					const request = await given().requestOf(one.row, reader);
					const answer = await given().ask({ ...request, headers: { ...request.headers, [name]: value } });
					expect([one.row, reader, answer.cell]).toEqual([one.row, reader, cellOf(one, reader)]);
				});
			});

		for (const [trick, header] of Object.entries(AUTHORIZATIONS))
			test(trick, async () => {
				const Authorization = filled(header);
				await eachShut(async (one, reader) => {
					const request = await given().requestOf(one.row, reader);
					const answer = await given().ask({ ...request, headers: { ...request.headers, Authorization } });
					expect([one.row, answer.cell]).toEqual([one.row, cellOf(one, "a forged token")]);
				});
			});

		for (const [trick, spelled] of Object.entries(SPELLED))
			test(`its address with ${trick}`, async () => {
				await eachShut(async (one, reader) => {
					const request = await given().requestOf(one.row, reader);
					const before = isRead(one) || (await given().kept());
					const { cell, status } = await given().ask({ ...request, path: filled(spelled(request.path)) });
					// It is the very address, or none, and then nothing of it is in the answer.
					if (cell !== cellOf(one, reader))
						expect([one.row, cell]).toEqual([one.row, expect.stringMatching(NONE)]);
					if (status >= 400 && !isRead(one)) expect(await given().kept()).toEqual(before);
				});
			});
	});
}
