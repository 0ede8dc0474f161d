import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { duties } from "../../../db/schema/log";
import { agent } from "../../log/given";
import { about, configured, goods, Market, minted, operator, owned, vouched } from "../given";
import { put } from "./put";

const [ada, bea, bob, cyd] = [agent("ada"), agent("bea"), agent("bob"), agent("cyd")];
const DAY = 86_400_000;

let market: Market;
beforeEach(() => {
	market = new Market();
});
afterEach(() => market.sound());

const owed = () => market.state.all(duties).map(({ kind }) => kind);
/** The last thing said, as what a test asks of a ruling. */
const last = () => market.acts.at(-1)!;

describe("put", () => {
	test("waits for its ruling, and is an entry at the exchange's price once that is said", () => {
		const shell = market.put(ada, goods("shell"));
		expect(market.entry(shell)).toMatchObject({ status: "pending", tokens: 600, appraisalScrip: null });

		market.ruled(shell);

		expect(market.entry(shell)).toMatchObject({
			status: "live",
			appraisalScrip: 1_400,
			advanceScrip: 350,
			expiresAt: market.now + 30 * DAY,
		});
		expect(market.purse(ada)).toBe(350_000_000n);
	});

	test("shows its type and each of its domains as a tag", () => {
		const payload = { ...goods("shell"), domains: ["go", "terraform"] };
		expect(put.tags(payload)).toEqual([
			"exchange:content-type:code",
			"exchange:domain:go",
			"exchange:domain:terraform",
		]);
	});

	test("lives as long as its seller asked, and in the tier it declared", () => {
		const shell = market.accepted(ada, goods("shell", { ttl_hours: 5, compression_tier: "hot" }));
		expect(market.entry(shell)).toMatchObject({ expiresAt: market.now + 5 * 3_600_000, tier: "hot" });
	});

	test.each([
		["a hash of the seller's own", { content_hash: `sha256:${"0".repeat(64)}` }],
		["null where a field is absent", { ttl_hours: null }],
		["an embedding of 383 numbers", { embedding: new Array(383).fill(0.5) }],
		["a domain named twice", { domains: ["go", "go"] }],
		["six domains", { domains: ["a", "b", "c", "d", "e", "f"] }],
		["a domain in capitals", { domains: ["Go"] }],
		["a token cost of nothing", { token_cost: 0 }],
		["a token cost beyond ten million", { token_cost: 10_000_001 }],
		["a description of white space", { description: " \n" }],
		["a description of 4097 characters", { description: "é".repeat(4_097) }],
		["a type that is none", { content_type: "poem" }],
		["more than a mebibyte", { content: { bytes: 1_048_577, sha256: "0".repeat(64) } }],
		["no content at all", { content: { bytes: 0, sha256: "0".repeat(64) } }],
	])("does not take %s", (_, wrong) => {
		const right = { ...goods("shell"), content: { bytes: 2_400, sha256: "0".repeat(64) } };
		expect(put.body.safeParse(right).success).toBe(true);
		expect(put.body.safeParse({ ...right, ...wrong }).success).toBe(false);
	});

	test("takes an embedding whose numbers repeat", () => {
		const content = { bytes: 2_400, sha256: "0".repeat(64) };
		expect(
			put.body.safeParse({ ...goods("shell"), content, embedding: new Array(384).fill(0.5) }).success,
		).toBe(true);
	});

	test("shows its content to its seller", () => {
		const shell = market.put(ada, goods("shell"));
		const act = market.acts.find(({ id }) => id === shell)!;
		expect(put.readers!(market.state, act)).toEqual([ada.key]);
	});

	test("is not the exchange's to say", () => {
		const said = market.exchangeSays({
			operation: "exchange:put",
			antecedents: [],
			payload: goods("shell"),
		});
		expect(said).toMatchObject({ refused: { code: "sender-not-allowed", status: 403 } });
	});
});

describe("the same content again", () => {
	test("by its seller is the first put, pending or live, and nothing is logged", () => {
		const shell = market.put(ada, goods("shell"));
		const length = market.log.length;
		expect(market.when(ada.says("exchange:put", goods("shell", { token_cost: 9 })))).toMatchObject({
			known: shell,
		});
		market.ruled(shell);
		expect(market.when(ada.says("exchange:put", goods("shell")))).toMatchObject({ known: shell });
		expect(market.log.length).toBe(length + 1);
	});

	test("is a new put after a rejection", () => {
		const shell = market.put(ada, goods("shell"));
		market.said(
			operator.says(
				"exchange:settle/put-reject",
				about(shell, "put-reject", { reason: "Not now.", code: "demand" }),
				shell,
			),
		);
		expect(market.accepted(ada, goods("shell"))).not.toBe(shell);
	});

	test("is a new put once the entry has expired, but pays no second advance", () => {
		const shell = market.accepted(ada, goods("shell", { ttl_hours: 1 }));
		market.later(3_600_000);
		const again = market.accepted(ada, goods("shell"));
		expect(again).not.toBe(shell);
		expect(market.entry(again)).toMatchObject({ copyOf: shell, origin: shell, advanceScrip: 0 });
	});

	test("by another seller is an entry of its own, with the first one's age, author and no advance", () => {
		const shell = market.accepted(ada, goods("shell"));
		market.given(vouched(bea)).later(30 * DAY - 1_000);
		market.accepted(bea, goods("other", { tokens: 400 }));
		const copy = market.accepted(bea, goods("shell"));

		expect(copy).not.toBe(shell);
		expect(market.entry(copy)).toMatchObject({
			status: "live",
			advanceScrip: 0,
			copyOf: shell,
			origin: shell,
			firstPutAt: market.entry(shell).putAt,
		});
		// 30 of 60 days: a quarter less than new content's 1,400.
		expect(market.entry(copy).appraisalScrip).toBe(1_050);
	});

	test("pays a newcomer's first put its one scrip all the same", () => {
		market.accepted(ada, goods("shell"));
		const copy = market.accepted(bea, goods("shell"));
		expect(market.entry(copy)).toMatchObject({ advanceScrip: 1 });
		expect(market.purse(bea)).toBe(1_000_000n);
	});

	test("keeps its age from a first put that was rejected, whose seller is nobody's author", () => {
		const first = market.put(ada, goods("shell"));
		market.said(
			operator.says(
				"exchange:settle/put-reject",
				about(first, "put-reject", { reason: "Not now.", code: "other" }),
				first,
			),
		);
		market.later(60 * DAY);
		const second = market.accepted(bea, goods("shell"));
		expect(market.entry(second)).toMatchObject({ copyOf: null, origin: second, appraisalScrip: 700 });
	});
});

describe("the author of what several put", () => {
	test("is who put it first, also where that put was accepted after another's", () => {
		market.given(configured({ "exchange.auto_accept": false }));
		const [first, second, third] = [ada, bea, cyd].map((seller) => market.put(seller, goods("shell"))) as [
			string,
			string,
			string,
		];
		for (const put of [second, first, third])
			market.said(operator.says("exchange:settle/put-accept", market.acceptance(put, { price: 1 }), put));
		expect(market.entry(first)).toMatchObject({ copyOf: null, origin: first });
		expect(market.entry(third)).toMatchObject({ copyOf: first, origin: first });
	});
});

describe("a near-duplicate", () => {
	test("found by the analysis has the first one's age and author, and no advance", () => {
		const shell = market.accepted(ada, goods("shell"));
		market.accepted(bea, goods("something else", { tokens: 400 }));
		market.later(6 * DAY);
		const near = market.put(bea, goods("shell, renamed"));
		const ruling = market.ruled(near, { copy: { id: shell, similarity: 0.72 } });

		expect(ruling.payload).toMatchObject({
			price: 0,
			factors: { copy_of: market.entry(shell).putSeq, similarity: 0.72 },
		});
		expect(market.entry(near)).toMatchObject({
			copyOf: shell,
			origin: shell,
			firstPutAt: market.entry(shell).putAt,
		});
	});

	test("of a near-duplicate has the very first one's author", () => {
		const shell = market.accepted(ada, goods("shell"));
		const second = market.accepted(bea, goods("shell 2"), { copy: { id: shell, similarity: 0.9 } });
		const third = market.accepted(cyd, goods("shell 3"), { copy: { id: second, similarity: 0.9 } });
		expect(market.entry(third)).toMatchObject({ copyOf: shell, origin: shell });
	});

	test("is never one of what was put after it", () => {
		const early = market.put(ada, goods("shell"));
		const late = market.accepted(bea, goods("shell 2"));
		market.ruled(early, { copy: { id: late, similarity: 0.99 } });
		expect(market.entry(early)).toMatchObject({ copyOf: null, origin: early, advanceScrip: 350 });
	});
});

describe("an embedding of the seller's", () => {
	const embedding = new Array(384).fill(0.05);
	test.each([
		[0.99, "verified"],
		[0.97, "verified"],
		[0.9699, "flagged"],
		[-1, "flagged"],
	])("at cosine %d to the engine's own is %s", (cosine, verdict) => {
		const shell = market.accepted(ada, goods("shell", { embedding }), { embedding: cosine });
		expect(market.entry(shell).embedding).toBe(verdict);
	});

	test("reaches the analysis, and stays merely sent where nothing could be compared", () => {
		const shell = market.put(ada, goods("shell", { embedding }));
		const duty = market.state.all(duties).find(({ kind }) => kind === "exchange:settle/put-accept");
		expect(duty?.data).toEqual({ embedding });
		market.ruled(shell);
		expect(market.entry(shell).embedding).toBe("sent");
	});
});

describe("a put the exchange declines by itself", () => {
	test("is rejected in the same answer when its token cost is beyond what its content can have cost", () => {
		const said = market.when(ada.says("exchange:put", goods("shell", { tokens: 2, token_cost: 8_001 })));
		expect(said.logged?.[1]).toMatchObject({
			operation: "exchange:settle/put-reject",
			payload: { code: "implausible", entry_id: said.id },
		});
		expect(market.entry(said.id!)).toMatchObject({ status: "rejected", statusReason: "implausible" });
		expect(owed()).toEqual([]);

		market.put(ada, goods("table", { tokens: 2, token_cost: 8_000 }));
		expect(last().operation).toBe("exchange:put");
	});

	test("is a resale when its owner received these bytes in a purchase, by whichever of its keys", () => {
		market.given(owned("house-b", bob, bea), minted(bob, 5_000));
		const shell = market.stocked(ada, 900, { tokens: 400 });
		const match = market.quoted(bob, shell);
		market.said(bob.says("exchange:settle/buyer-accept", about(shell, "buyer-accept"), match));
		expect(last().operation).toBe("exchange:settle/deliver");

		const same = goods("worth 900", { tokens: 400 });
		for (const seller of [bob, bea]) {
			market.put(seller, same);
			expect(last()).toMatchObject({ payload: { phase: "put-reject", code: "resale" } });
		}
		market.put(cyd, same);
		expect(last().operation).toBe("exchange:put");
	});

	test("is inventory beyond the unsold entries an owner may have, counted over all its keys", () => {
		market.given(configured({ "exchange.unsold_entries": 2 }), owned("house-a", ada, bea));
		market.accepted(ada, goods("one"));
		market.accepted(bea, goods("two"));
		market.put(ada, goods("three"));
		expect(last()).toMatchObject({ payload: { phase: "put-reject", code: "inventory" } });
	});

	test("is inventory too when many wait at once for their ruling", () => {
		market.given(configured({ "exchange.unsold_entries": 2 }));
		const puts = ["one", "two", "three"].map((name) => market.put(ada, goods(name)));
		const phases = puts.map((put) => market.ruled(put).payload.phase);
		expect(phases).toEqual(["put-accept", "put-accept", "put-reject"]);
		expect(market.entry(puts[2]!).statusReason).toBe("inventory");
	});

	test("is welcome again when an entry is sold, and ten more are for 30 days where its buyer had standing", () => {
		market.given(configured({ "exchange.unsold_entries": 1 }), minted(bob, 900), minted(cyd, 5_000));
		const ruled = (name: string) => {
			market.put(ada, goods(name, { ttl_hours: 8_000 }));
			const put = last().operation === "exchange:put" ? last().id : last().antecedents[0]!;
			if (market.entry(put).status === "pending") market.ruled(put);
			return market.entry(put).status;
		};
		const sold = (entry: string, buyer: typeof bob) => {
			const match = market.quoted(buyer, entry);
			market.said(buyer.says("exchange:settle/buyer-accept", about(entry, "buyer-accept"), match));
			market.said(buyer.says("exchange:settle/complete", about(entry, "complete"), last().id));
		};
		const small = { tokens: 100, token_cost: 500, ttl_hours: 8_000 };
		const first = market.accepted(ada, goods("first", small));
		expect(ruled("too many")).toBe("rejected");
		sold(first, bob);
		const second = market.accepted(ada, goods("second", small));
		expect(ruled("again too many")).toBe("rejected");

		sold(second, cyd);
		const more = Array.from({ length: 12 }, (_, n) => ruled(`more ${n}`));
		expect(more).toEqual([...new Array(11).fill("live"), "rejected"]);
	});

	test("has the room of a sale to standing on that day and the 29 after it", () => {
		market.given(configured({ "exchange.unsold_entries": 1 }), minted(cyd, 5_000), vouched(bea));
		const ware = (seller: typeof ada, name: string) =>
			market.accepted(seller, goods(name, { tokens: 100, token_cost: 500, ttl_hours: 8_000 }));
		const sold = (entry: string, buyer: typeof ada) => {
			const match = market.quoted(buyer, entry);
			market.said(buyer.says("exchange:settle/buyer-accept", about(entry, "buyer-accept"), match));
			market.said(buyer.says("exchange:settle/complete", about(entry, "complete"), last().id));
		};
		sold(ware(ada, "sold"), cyd);
		for (const name of ["one", "two"]) ware(ada, name);
		market.later(29 * DAY);
		// Another thing to remember of that day must not forget the first.
		sold(ware(bea, "bought"), ada);
		ware(ada, "three");
		market.later(DAY);
		market.put(ada, goods("four"));
		expect(last()).toMatchObject({ payload: { phase: "put-reject", code: "inventory" } });
	});

	test("is welcome again when entries have expired, which count until their day is over", () => {
		market.given(configured({ "exchange.unsold_entries": 2 }));
		for (const name of ["one", "two"]) market.accepted(ada, goods(name, { ttl_hours: 1 }));
		market.put(ada, goods("three"));
		expect(last()).toMatchObject({ payload: { phase: "put-reject", code: "inventory" } });
		market.later(DAY);
		market.accepted(ada, goods("four"));
		expect(market.entry(last().antecedents[0]!).status).toBe("live");
	});
});

describe("a held put", () => {
	const ways: [string, (market: Market) => void, string][] = [
		[
			"automatic acceptance is off",
			(market) => market.given(configured({ "exchange.auto_accept": false })),
			"auto-accept-off",
		],
		[
			"its seller's reputation is too low",
			(market) => market.given(configured({ "exchange.auto_accept_min_reputation": 51 })),
			"reputation",
		],
		[
			"its appraisal is above the cap",
			(market) => market.given(configured({ "exchange.auto_accept_cap_scrip": 1_399 })),
			"appraisal",
		],
	];

	test.each(ways)("waits for a house operator when %s, and is no duty meanwhile", (_, given, heldFor) => {
		given(market);
		const shell = market.put(ada, goods("shell"));
		expect(market.entry(shell)).toMatchObject({ status: "pending", heldFor });
		expect(owed()).toEqual(["exchange:settle/put-reject"]);

		market.said(operator.says("exchange:settle/put-accept", market.acceptance(shell, { price: 200 }), shell));
		expect(market.purse(ada)).toBe(200_000_000n);
		expect(owed()).toEqual([]);
	});

	test("is not held at the cap and at the least reputation themselves", () => {
		market.given(
			configured({ "exchange.auto_accept_cap_scrip": 1_400, "exchange.auto_accept_min_reputation": 50 }),
		);
		expect(market.entry(market.put(ada, goods("shell"))).heldFor).toBeNull();
	});

	test("is worth what it was when it was put, however long it waited for its ruling", () => {
		market.given(configured({ "exchange.auto_accept": false }));
		const shell = market.put(ada, goods("shell"));
		market.later(6 * DAY);
		market.said(operator.says("exchange:settle/put-accept", market.acceptance(shell, { price: 1 }), shell));
		expect(market.entry(shell).appraisalScrip).toBe(1_400);
	});

	test("stays held when the setting changes: settings are for what starts afterwards", () => {
		market.given(configured({ "exchange.auto_accept": false }));
		const shell = market.put(ada, goods("shell"));
		market.given(configured({ "exchange.auto_accept": true }));
		expect(market.entry(shell).heldFor).toBe("auto-accept-off");
		market.accepted(ada, goods("table"));
	});

	test("is rejected by the exchange when nobody ruled on it in its review time", () => {
		market.given(configured({ "exchange.auto_accept": false, "exchange.put_review_days": 3 }));
		const shell = market.put(ada, goods("shell"));
		market.later(3 * DAY - 1);
		expect(market.entry(shell).status).toBe("pending");
		market.later(1);
		expect(market.entry(shell)).toMatchObject({ status: "rejected", statusReason: "not-reviewed" });
		expect(market.purse(ada)).toBe(0n);
		expect(owed()).toEqual([]);
	});
});
