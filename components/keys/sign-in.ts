import type { Exchange } from "@/lib/client/connect";
import { Problem } from "@/lib/client/connect";
import { sign, signedBytes } from "@/lib/log/sign";

/** Opens a session for the key that `exchange` speaks with, in a cookie of this browser. Throws Problem when refused. */
export async function signIn(exchange: Exchange): Promise<void> {
	const { key, secret } = exchange.me!;
	const asked = await fetch("/api/session/challenge", {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify({ key }),
	});
	const body = await asked.json();
	if (!asked.ok) throw new Problem(asked.status, body);
	const signature = sign(secret, signedBytes("session", exchange.key, body.nonce));
	const { signIn } = await import("next-auth/react");
	const answer = await signIn("key", { redirect: false, key, nonce: body.nonce, signature });
	if (!answer?.ok)
		throw new Problem(answer?.status ?? 0, { code: "wrong-session", detail: answer?.error ?? "" });
}
