import { type Key, newKey } from "../../lib/client/compose";
import { connect } from "../../lib/client/connect";
import { sign, signedBytes } from "../../lib/log/sign";

let visitors = 0;

/**
 * How a browser and how an agent show who asks: the cookie of a sign-in, and a bearer token. Each comes from an address of its own,
 * where the exchange trusts its proxy: all of a crawl sign in more often than one address may.
 */
export async function signedIn(
	url: string,
	who: Key = newKey(),
): Promise<{ Cookie: string; Authorization: string }> {
	const { key: exchangeKey } = await connect(url, who);
	const from = { "X-Forwarded-For": `198.51.100.${++visitors}` };
	const json = { ...from, "Content-Type": "application/json" };
	const post = async (path: string, body: object) => {
		const answer = await fetch(`${url}${path}`, {
			method: "POST",
			headers: json,
			body: JSON.stringify(body),
		});
		if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
		return answer.json();
	};
	const proof = async () => {
		const { nonce } = await post("/api/session/challenge", { key: who.key });
		const signature = sign(who.secret, signedBytes("session", exchangeKey, nonce));
		return { key: who.key, nonce, signature };
	};
	const csrf = await fetch(`${url}/api/auth/csrf`);
	const { csrfToken } = await csrf.json();
	const answer = await fetch(`${url}/api/auth/callback/key`, {
		method: "POST",
		redirect: "manual",
		headers: { Origin: url, Cookie: cookiesOf(csrf), "Content-Type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({ csrfToken, ...(await proof()), json: "true" }),
	});
	const { token } = await post("/api/session", await proof());
	return { Cookie: cookiesOf(answer), Authorization: `Bearer ${token}` };
}

function cookiesOf(answer: Response): string {
	return answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");
}
