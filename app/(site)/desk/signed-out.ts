import { words } from "@/app/viewing";

/** To who asks for a file of the desk and is nobody: in words, kept nowhere, so that after signing in the same address gives it. */
export async function signedOut(): Promise<Response> {
	const t = await words("desk");
	return new Response(`${t("signIn.text")}\n`, {
		status: 401,
		headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
	});
}
