import type { House } from "./house";

export interface Founding {
	/** Scrip minted to the treasury at the first start; 0 mints nothing. */
	treasuryFloatScrip: number;
	/** Keys granted the role operator at the first start. */
	operators: string[];
}

/** The first messages of an empty log: the treasury's float and the first house operators, visible to everybody. */
export async function found(house: House, { treasuryFloatScrip, operators }: Founding): Promise<void> {
	const [head] = await house.sql`select seq from head`;
	if (Number(head!.seq) > 0) return;
	if (treasuryFloatScrip > 0)
		await house.sequencer.say({
			operation: "scrip:mint",
			antecedents: [],
			payload: { recipient: "treasury", amount: treasuryFloatScrip, reference: "treasury float" },
		});
	for (const subject of operators)
		await grantOperator(house, subject, "named in OPERATORS at the first start");
}

export async function grantOperator(house: House, subject: string, reason: string): Promise<boolean> {
	const answer = await house.sequencer.say({
		operation: "operator:grant",
		antecedents: [],
		payload: { subject, role: "operator", reason },
	});
	return answer.kind === "logged";
}
