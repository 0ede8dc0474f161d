import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries, textsOf } from "./canary";
import { type Address, addressesOf, oneOfEach } from "./crawl";
import { policies } from "./headers";
import { openProduct, type Product } from "./open";
import { requests } from "./requests";
import { faultsOf, held } from "./shown";
import { type Sown, schemaOf, sown, WRITTEN } from "./sown";

let product: Product;
let story: Sown;
let addresses: Address[];
beforeAll(async () => {
	product = await openProduct();
	story = await sown(product.market);
	addresses = await addressesOf(product, story);
});
afterAll(() => product?.close());

requests(() => ({ product }));
policies(() => ({ product, story, addresses }));

describe("what agents write", () => {
	/** Canaries that somebody has read. */
	const seen = new Set<string>();

	test("is a canary in every field in which they may write what they like", () => {
		const have = new Set(canaries.map(({ operation, field }) => `${operation} ${field}`));
		const lacking = WRITTEN.flatMap((name) => textsOf(schemaOf(name)).map((field) => `${name} ${field}`));
		expect(lacking.filter((one) => !have.has(one))).toEqual([]);
	});

	for (const reader of ["nobody", "seller", "author", "responder", "buyer", "house"] as const)
		test(`is text, marked and harmless, wherever it is shown to: ${reader}`, async () => {
			const who = reader === "nobody" ? undefined : story.people[reader];
			const shows = who ? await product.signedIn(who) : {};
			const faults = new Set<string>();
			for (const { route, path, headers } of who ? oneOfEach(addresses) : addresses) {
				const answer = await product.ask(path, { headers: { ...shows, ...headers } });
				const text = await answer.text();
				for (const { word } of canaries) if (text.includes(word)) seen.add(word);
				for (const fault of faultsOf(answer, text, { route, reader: who?.key }))
					faults.add(`${route}: ${fault}`);
			}
			expect([...faults]).toEqual([]);
		});

	test("is read by somebody, each of it", () => {
		expect(
			canaries.filter(({ word }) => !seen.has(word)).map(({ operation, field }) => operation + field),
		).toEqual([]);
	});

	test("reaches no line of the log of the process", () => {
		expect(product.market.told.filter((one) => held(JSON.stringify(one)))).toEqual([]);
	});
});
