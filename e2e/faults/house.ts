/** A house of the rack: the product's own behind node's server, in a process that stands still where it is told to. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { agents } from "../../lib/doors/agents";
import { api } from "../../lib/doors/api";
import { found } from "../../lib/doors/found";
import { Measures } from "../../lib/doors/health";
import { type HouseParts, openHouse } from "../../lib/doors/house";
import { questions } from "../../lib/doors/questions";
import { answer } from "../bench/child";

/** A place on the way into the log. */
export type Step = Parameters<NonNullable<HouseParts["step"]>>[0];
export interface Opening {
	url: string;
	secret: string;
	operator: string;
	/** How far its clock is off, in ms. */
	ahead: number;
}

let order: { step: Step; after: number; reached(): void } | undefined;
let goOn = () => {};

answer({
	/** Its address. */
	async open({ url, secret, operator, ahead }: Opening) {
		const house = await openHouse({
			url,
			secret,
			now: () => Date.now() + ahead,
			embedder: "lexical",
			async step(name) {
				if (order?.step !== name || order.after-- > 0) return;
				const { reached } = order;
				order = undefined;
				const still = new Promise<void>((resolve) => {
					goOn = resolve;
				});
				reached();
				await still;
			},
		});
		await found(house, { treasuryFloatScrip: 1_000_000, operators: [operator] });
		const measures = new Measures(house);
		const server = createServer(agents(house, api(house, questions(house), measures), measures));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	},
	/** Resolves when it has come to that step, after that many batches, and stands still there. */
	halt: ({ step, after }: { step: Step; after: number }) =>
		new Promise<void>((reached) => {
			order = { step, after, reached };
		}),
	goOn: () => goOn(),
});
