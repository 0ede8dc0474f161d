"use server";
import { opened } from "@/lib/doors/opened";
import { wrongOrigin } from "@/lib/doors/origin";
import { fromHere } from "./origin";
import { viewer } from "./session";

/** What the door said: its status, and its answer or its problem document. */
export interface Said {
	status: number;
	body: Record<string, unknown>;
	/** Of the same id again: nothing happened twice. */
	replayed: boolean;
}

/** Sends a signed message to the door, as `POST /api/messages` does; `wait` as in `Prefer: wait`, seconds. */
export async function send(message: string, wait: number): Promise<Said> {
	return atTheDoor("/api/messages", message, { Prefer: `wait=${wait}` });
}

/** What a message would change, with nothing kept. */
export async function tryOut(draft: string): Promise<Said> {
	return atTheDoor("/api/messages/dry-run", draft);
}

/** Takes the token of the one-time link: makes the signed-in key a house operator, as `POST /api/operator/claim` does. */
export async function claimHouse(token: string): Promise<Said> {
	return atTheDoor("/api/operator/claim", JSON.stringify({ token }));
}

/** Pages knock at the very door that agents knock at: the same judgement, the same words. */
async function atTheDoor(path: string, body: string, more: Record<string, string> = {}): Promise<Said> {
	const { api, publicUrl } = await opened();
	if (!(await fromHere())) {
		const problem = wrongOrigin(publicUrl);
		return { status: problem.status, replayed: false, body: problem };
	}
	const who = await viewer();
	const response = await api.fetch(
		new Request(new URL(path, publicUrl), {
			method: "POST",
			headers: {
				"Content-Type": "application/json",
				...(who ? { Authorization: `Bearer ${who.token}` } : {}),
				...more,
			},
			body,
		}),
	);
	return {
		status: response.status,
		body: (await response.json()) as Record<string, unknown>,
		replayed: response.headers.get("Replayed") === "true",
	};
}
