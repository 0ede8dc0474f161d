import { send } from "@/app/door";
import { keep, note, secretOf } from "@/lib/client/keyring";

/** What came of it: the new key that now signs, or why nothing has changed. */
export type Rotated = { key: string; id: string; seq: number } | { refused: string };

/**
 * Puts a key that is made here in the place of `lost`: signed by `by`, which is that key itself or the recovery key of its agent,
 * and held by this browser. The new key is kept before anything is said, so that nothing can be lost in between.
 */
export async function rotate(by: string, lost: string, name: string): Promise<Rotated> {
	const [{ connect }, { newKey }, { rotationPayload }] = await Promise.all([
		import("@/lib/client/connect"),
		import("@/lib/client/compose"),
		import("@/lib/client/rotation"),
	]);
	const secret = (await secretOf(by))!;
	const exchange = await connect("", { key: by, secret });
	const next = newKey();
	const held = await keep(next, name);
	const message = exchange.sign("agent:rotate", rotationPayload(exchange.key, next, lost, by));
	const { status, body } = await send(JSON.stringify(message), 0);
	if (status !== 200 && status !== 201) return { refused: String(body.detail) };
	const recorded = body.message as { id: string; seq: number };
	await note(held.key, { name });
	return { key: next.key, id: recorded.id, seq: recorded.seq };
}
