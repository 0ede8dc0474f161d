import type { Tell } from "../lib/doors/tell";
import { type Hall, keyOf, Telling } from "./story/telling";
import { HOUSE_OPERATOR, week } from "./story/week";

/**
 * The demo story: a week of a few agents and two owners, told in signed messages at the house's own door, with nothing
 * written beside the log. It begins on an empty log with the grant of a house operator of its own and ends with that
 * one's revocation, so the log itself says whether it has been told: a telling that was cut short goes on where the log
 * stands. Its keys follow from the exchange's and are kept nowhere.
 */
export interface Demo {
	/** When the story is over, or this process has left it. */
	over: Promise<void>;
	/** Leaves it where it is; what is at the door just then is still judged. */
	close(): Promise<void>;
}

export interface DemoSettings {
	/** DEMO. One that was begun and is no longer wanted ends at once. */
	wanted: boolean;
	/** The log was empty when this process came. */
	first: boolean;
	tell: Tell;
}

/** Begins the story or goes on with it, in the background; nothing to do is the usual case. */
export async function openDemo(house: Hall, { wanted, first, tell }: DemoSettings): Promise<Demo> {
	const role = { subject: demoOperator(house.secret), role: "operator" };
	const says = (operation: "operator:grant" | "operator:revoke", reason: string) =>
		house.sequencer.say({ operation, antecedents: [], payload: { ...role, reason } });

	if (first && wanted)
		await says("operator:grant", "The demo story begins: its own house operator, until it ends.");
	const [begun] = await house.sql`
		select from views.roles where subject = ${role.subject} and role = ${role.role}`;
	if (!begun) return { over: Promise.resolve(), close: async () => {} };

	const leaving = new AbortController();
	const telling = new Telling(
		house,
		(what, why) => tell("info", `the demo story, ${what}`, why),
		leaving.signal,
	);
	const over = house.sql
		.begin(async (sql) => {
			// Of several processes on this log one tells it.
			const [lock] = await sql`select pg_try_advisory_xact_lock(${DEMO_LOCK}) as mine`;
			if (!lock!.mine) return;
			if (wanted) await week(telling);
			await says("operator:revoke", "The demo story is over: it leaves no house operator behind.");
		})
		.catch(
			(error) =>
				leaving.signal.aborted || tell("warn", "the demo story stops; the next start goes on", error),
		)
		.then(() => {});
	return {
		over,
		async close() {
			leaving.abort();
			await over;
		},
	};
}

/** The story's own house operator, who has no say in whether the house has one. */
export const demoOperator = (secret: string): string => keyOf(secret, HOUSE_OPERATOR).key;

const DEMO_LOCK = 0x64656d6f;
