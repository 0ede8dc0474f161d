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
	const [head] = await house.sql`select seq from head`;
	if (Number(head!.seq) > 0) return false;
	if (treasuryFloatScrip > 0)
		await house.sequencer.say({
			operation: "scrip:mint",
			antecedents: [],
			payload: { recipient: "treasury", amount: treasuryFloatScrip, reference: "treasury float" },
		});
	for (const subject of operators)
		if (!(await grantOperator(house, subject, "named in OPERATORS at the first start")))
			throw new Error(`OPERATORS names ${subject}, which cannot be granted the role operator`);
	return true;
}

async function grantOperator(house: Founded, subject: string, reason: string): Promise<boolean> {
	const answer = await house.sequencer.say({
		operation: "operator:grant",
		antecedents: [],
		payload: { subject, role: "operator", reason },
	});
	return answer.kind === "logged";
}

/**
 * The token of a one-time link with which a first browser becomes house operator, in place of any earlier one;
 * undefined, and no link is left, once there is a house operator. The demo story's does not count: she leaves with it.
 */
export async function offerClaim({
	sql,
	now,
	secret,
}: Pick<House, "sql" | "now" | "secret">): Promise<string | undefined> {
	const token = randomBytes(32).toString("base64url");
	return sql.begin(async (sql) => {
		await sql`delete from operator_claims`;
		const [operator] = await sql`
			select from views.roles where role = 'operator' and subject <> ${demoOperator(secret)} limit 1`;
		if (operator) return undefined;
		await sql`insert into operator_claims (token_hash, made_at) values (${hashed(token)}, ${now()})`;
		return token;
	});
}

export function operatorClaim(house: Founded) {
	return {
		/** Makes `key` a house operator, once; false when the token was used, replaced, or never was one. */
		async take(token: string, key: string): Promise<boolean> {
			// One statement: of two that come at the same time, one finds it.
			const [claim] = await house.sql`
				delete from operator_claims where token_hash = ${hashed(token)} returning token_hash, made_at`;
			if (!claim) return false;
			const granted = await grantOperator(house, key, "claimed by the one-time link");
			// Refused or not processed: the link is still good, for another key or another try.
			if (!granted) await house.sql`insert into operator_claims ${house.sql(claim)}`;
			return granted;
		},
	};
}

/** Only the hash is kept: who reads the database cannot claim the house. */
function hashed(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}
