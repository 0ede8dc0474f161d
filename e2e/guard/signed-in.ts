import { type Key, newKey } from "../../lib/client/compose";
import { connect } from "../../lib/client/connect";
import { sign, signedBytes } from "../../lib/log/sign";

/** How a browser and how an agent show who asks: the cookie of a sign-in, and a bearer token. */
export async function signedIn(
	url: string,
	who: Key = newKey(),
): Promise<{ Cookie: string; Authorization: string }> {
	const exchange = await connect(url, who);
	const asked = await fetch(`${url}/api/session/challenge`, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify({ key: who.key }),
	});
	const { nonce } = await asked.json();
	const signature = sign(who.secret, signedBytes("session", exchange.key, nonce));
	const csrf = await fetch(`${url}/api/auth/csrf`);
	const { csrfToken } = await csrf.json();
	const answer = await fetch(`${url}/api/auth/callback/key`, {
		method: "POST",
		redirect: "manual",
		headers: { Origin: url, Cookie: cookiesOf(csrf), "Content-Type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({ csrfToken, key: who.key, nonce, signature, json: "true" }),
	});
	return { Cookie: cookiesOf(answer), Authorization: `Bearer ${await exchange.session()}` };
}

function cookiesOf(answer: Response): string {
	return answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");
}
