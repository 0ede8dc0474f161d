import { createHash, randomBytes } from "node:crypto";
import { demoOperator } from "../../db/seed";
import type { House } from "./house";

export interface Founding {
	/** Scrip minted to the treasury at the first start; 0 mints nothing. */
	treasuryFloatScrip: number;
	/** Keys granted the role operator at the first start. */
	operators: string[];
}

type Founded = Pick<House, "sql" | "sequencer" | "now">;

/**
 * The first messages of an empty log: the treasury's float and the first house operators, visible to everybody. False
 * when the log was not empty.
 */
export async function found(house: Founded, { treasuryFloatScrip, operators }: Founding): Promise<boolean> {
	return house.sql.begin(async (sql) => {
		// Of several processes that start on an empty log at once one founds it; the others wait, and find it founded.
		await sql`select pg_advisory_xact_lock(${FOUNDING_LOCK})`;
		const [head] = await sql`select seq from head`;
		if (Number(head!.seq) > 0) return false;
		const float = () =>
			house.sequencer.say({
				operation: "scrip:mint",
				antecedents: [],
				payload: { recipient: "treasury", amount: treasuryFloatScrip, reference: "treasury float" },
			});
		// Said in one go, and so in one batch: a start that is killed here leaves all of them or none.
		const [, ...granted] = await Promise.all([
			treasuryFloatScrip > 0 ? float() : undefined,
			...operators.map((subject) => grantOperator(house, subject, "named in OPERATORS at the first start")),
		]);
		const refused = granted.indexOf(false);
		if (refused >= 0)
			throw new Error(`OPERATORS names ${operators[refused]}, which cannot be granted the role operator`);
		return true;
	}) as Promise<boolean>;
}

const FOUNDING_LOCK = 0x666f756e;

async function grantOperator(house: Founded, subject: string, reason: string): Promise<boolean> {
	const answer = await house.sequencer.say({
		operation: "operator:grant",
		antecedents: [],
		payload: { subject, role: "operator", reason },
	});
	return answer.kind === "logged";
}

/** Processes that begin within this time have begun together, and the links of all of them are good. */
const TOGETHER_MS = 600_000;

/**
 * The token of a one-time link with which a first browser becomes house operator, in place of those of earlier starts;
 * undefined, and no link is left, once there is a house operator. The demo story's does not count: she leaves with it.
 */
export async function offerClaim({
	sql,
	now,
	secret,
}: Pick<House, "sql" | "now" | "secret">): Promise<string | undefined> {
	const token = randomBytes(32).toString("base64url");
	const at = now();
	return sql.begin(async (sql) => {
		const [operator] = await sql`
			select from views.roles where role = 'operator' and subject <> ${demoOperator(secret)} limit 1`;
		await sql`
			delete from operator_claims
			where ${operator !== undefined} or made_at not between ${at - TOGETHER_MS} and ${at + TOGETHER_MS}`;
		if (operator) return undefined;
		await sql`insert into operator_claims (token_hash, made_at) values (${hashed(token)}, ${at})`;
		return token;
	});
}

export function operatorClaim(house: Founded) {
	return {
		/** Makes `key` a house operator, once; false when the token was used, replaced, or never was one. */
		async take(token: string, key: string): Promise<boolean> {
			// One statement, which takes every link: of two that come at the same time, to whichever process, one finds its own.
			const claims = await house.sql`
				delete from operator_claims
				where exists (select from operator_claims where token_hash = ${hashed(token)})
				returning token_hash, made_at`;
			const found = claims.some((claim) => claim.token_hash === hashed(token));
			const granted = found && (await grantOperator(house, key, "claimed by the one-time link"));
			// Refused or not processed: they are still good, for another key or another try.
			if (!granted && claims.length > 0) await house.sql`insert into operator_claims ${house.sql(claims)}`;
			return granted;
		},
	};
}

/** Only the hash is kept: who reads the database cannot claim the house. */
function hashed(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}
