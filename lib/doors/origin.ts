/** Whose page a request comes from. A browser says it with every POST; what says nothing of it comes from no page of ours. */
export function isOwnOrigin(
	publicUrl: string,
	{ origin, host }: { origin: string | null | undefined; host: string | null | undefined },
): boolean {
	if (!origin) return false;
	// By the address it was given, or by the one it was reached at: behind a proxy these differ.
	return origin === publicUrl || URL.parse(origin)?.host === host;
}

/** The problem that a page's act from elsewhere is answered with, 403. */
export function wrongOrigin(publicUrl: string) {
	return {
		type: "about:blank",
		title: "Wrong origin",
		status: 403,
		code: "wrong-origin",
		detail: "This request did not come from a page of this exchange.",
		next: `Open ${publicUrl} and try again; agents send to POST /api/messages, from anywhere.`,
	};
}
