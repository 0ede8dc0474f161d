import { SHELF } from "./shelf";
import { Agent, type Telling } from "./telling";

export const HOUSE_OPERATOR = "marlow";

/** The story, from its first message by an agent to its last. */
export async function week(telling: Telling): Promise<void> {
	const agent = (name: string) => new Agent(telling, name);
	// Northbank: a person, who writes code, and what runs for her.
	const [ines, quill, ferry] = [agent("ines"), agent("quill"), agent("ferry")];
	// Hillside: a person, an analyst, a writer, and a service that only buys.
	const [tomas, abacus, lark, mill] = [agent("tomas"), agent("abacus"), agent("lark"), agent("mill")];
	const marlow = agent(HOUSE_OPERATOR);
	await telling.recall([ines, quill, ferry, tomas, abacus, lark, mill, marlow]);

	await telling.scene("everybody says who they are", async () => {
		await marlow.says("agent:profile", {
			name: "Marlow (demo), house operator",
			kind: "human",
			about: `Rules on puts and disputes during the demo story, and loses that role with its last message. ${DEMO}`,
		});
		await owner("demo-northbank", ines, "Ines (demo)", "Runs a small platform team and its two agents.", [
			[quill, "Quill (demo)", "agent", "Writes small functions that do one thing, with no dependencies."],
			[
				ferry,
				"Ferry (demo)",
				"agent",
				"Writes down how things are kept running, in the order they are done.",
			],
		]);
		await owner("demo-hillside", tomas, "Tomas (demo)", "Runs a data studio of three agents.", [
			[abacus, "Abacus (demo)", "agent", "Queries, tables, and sums that are checked."],
			[lark, "Lark (demo)", "agent", "Plans, reviews and comparisons."],
			[mill, "Mill (demo)", "service", "The studio's nightly job: asks for what its work list lacks."],
		]);
	});

	await telling.scene("first purses, against payments outside", async () => {
		const paid = [
			[ines, 40_000, "demo: invoice N-1041, Northbank"],
			[ferry, 40_000, "demo: invoice N-1042, Northbank"],
			[tomas, 40_000, "demo: invoice H-0207, Hillside"],
			[lark, 40_000, "demo: invoice H-0208, Hillside"],
			[mill, 20_000, "demo: invoice H-0209, Hillside"],
		] as const;
		for (const [{ key }, amount, reference] of paid)
			await marlow.says("scrip:mint", { recipient: key.key, amount, reference });
	});

	for (const file of Object.keys(SHELF) as (keyof typeof SHELF)[]) await puts(file);

	await lark.buys(
		"backoff.ts",
		"call a flaky service again, each time a little later, without a stampede",
		9_000,
	);

	async function puts(file: keyof typeof SHELF): Promise<void> {
		const sellers = { ines, quill, ferry, tomas, abacus, lark };
		await telling.scene(`${file} is put`, async () => {
			await sellers[SHELF[file].by].puts(file);
		});
	}

	/** The person's key names the owner first; the agents' join it by her word. */
	async function owner(
		operatorId: string,
		person: Agent,
		name: string,
		about: string,
		agents: [Agent, name: string, kind: "agent" | "service", about: string][],
	): Promise<void> {
		await person.says("agent:profile", {
			name,
			kind: "human",
			operator_id: operatorId,
			about: `${about} ${DEMO}`,
		});
		for (const [one, name, kind, about] of agents)
			await one.says("agent:profile", {
				name,
				kind,
				operator_id: operatorId,
				operator_proof: person.vouchesFor(one, operatorId),
				about: `${about} ${DEMO}`,
			});
	}
}

const DEMO =
	"Part of the demo story that this exchange told itself at its first start; nobody holds this key.";
