import { connect as dial, type Socket } from "node:net";
import { finalizeEvent, generateSecretKey, getPublicKey } from "nostr-tools/pure";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { linkProof } from "../lib/agents/link";
import type { Message, Payload } from "../lib/log/message";
import { catalogue } from "../lib/log/refusal";
import { sign, signedBytes } from "../lib/log/sign";
import { boardOf } from "./board";
import { type Goods, type Market, openMarket, type Purchase, type Speaker } from "./market";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const NOBODY = "0".repeat(64);

let market: Market;
/** Below 500 tokens, and above. */
let small: Goods;
let large: Goods;
beforeAll(async () => {
	market = await openMarket();
	[small, large] = [await market.stocked(), await market.stocked({ tokens: 600 })];
});
afterAll(() => market.close());
// So that no limit stands in the way but the one that is provoked.
beforeEach(() => market.later(MINUTE));

/** Every code that a test below provokes. */
const provoked = new Set<string>();

/** One way to a refusal over HTTP. `how`: its status, its code, and the value at fault where there is one. */
function refused(what: string, how: string, provoke: () => Promise<Response>): void {
	const [digits, code, field] = how.split(" ");
	const status = Number(digits);
	provoked.add(code!);
	test(`${what}: ${how}`, async () => {
		const answer = await provoke();
		const { headers } = answer;
		const problem = await answer.json();

		expect(problem).toMatchObject({ code, status });
		expect([answer.status, problem.field]).toEqual([status, field]);
		expect(headers.get("Content-Type")).toBe("application/problem+json");
		expect(headers.get("Cache-Control")).toBe("no-store");
		expect(problem.type).toBe(`/api/openapi.json#/x-refusals/${code}`);
		expect(problem.title).toMatch(/^[A-Z][a-z ]+$/);
		for (const sentence of [problem.detail, problem.next]) expect(sentence).toMatch(/^\S+ .*[^.\s]\.$/);

		const waits = [429, 503].includes(status);
		expect(headers.get("Retry-After")).toBe(waits ? `${problem.retry_after_seconds}` : null);
		if (waits) expect(problem.retry_after_seconds).toBeGreaterThan(0);
		if (status === 429) {
			expect(headers.get("RateLimit")).toMatch(/^"[a-z-]+";r=\d+;t=\d+$/);
			expect(headers.get("RateLimit-Policy")).toMatch(/^"[a-z-]+";q=\d+;w=\d+$/);
		}
		expect(headers.has("WWW-Authenticate")).toBe(status === 401);
		expect(headers.has("Allow")).toBe(status === 405);
	});
}

// ---- What is sent, in short

const hello = (payload: Payload = { name: "Ada" }, by = market.agent()) => by.says("agent:profile", payload);
/** With another's signature. */
const forged = (message: Message): Message => ({ ...message, signature: hello().signature });
const on = (antecedent: string) => ({ antecedent });
const stale = () => ({ at: new Date(market.now() - 5 * MINUTE - 1) });
const settles = (by: Speaker, phase: string, goods: Goods, antecedent: string, more: Payload = {}) =>
	by.says(`exchange:settle/${phase}`, { entry_id: goods.id, ...more }, on(antecedent));
/** The buyer's next word on a delivery. */
const next = ({ buyer, goods, deliver }: Purchase, phase: string, more: Payload = {}) =>
	settles(buyer, phase, goods, deliver, more);
const disputesSmall = (purchase: Purchase) => next(purchase, "small-content-dispute", { auto_refund: true });
const post: Market["post"] = (...what) => market.post(...what);
const operates = (operation: string, payload: Payload) =>
	post(market.operator.says(operation, { reason: "For this story.", ...payload }));
const mints = (amount: number, recipient: string, reference = `${recipient} ${amount}`) =>
	market.operator.says("scrip:mint", { recipient, amount, reference });

describe("a request", () => {
	const batch = { "Content-Type": "application/x-ndjson" };

	refused("with more lines than a batch has", "413 too-large", () => post("{}\n".repeat(501), batch));
	refused("that is compressed", "415 encoding-not-taken", () => post("{}", { "Content-Encoding": "gzip" }));
	refused("of another type", "415 type-not-taken", () => post("{}", { "Content-Type": "text/plain" }));
	refused("without a line", "400 empty-batch", () => post("\n \n", batch));
	refused("to no address", "404 no-such-page", () => market.ask("/api/nothing"));
	refused("by a method that is not for it", "405 method-not-allowed", () =>
		market.ask("/api/messages", { method: "DELETE" }),
	);
	refused("of a question ill put", "400 bad-parameter /limit", () => market.ask("/api/messages?limit=0"));
	refused("for a session, with another body", "400 bad-body /key", () =>
		post({ key: "ada" }, { path: "/api/session/challenge" }),
	);
	refused("for no message", "404 unknown-message", () => market.ask(`/api/messages/${NOBODY}`));
	refused("for no tile", "404 no-such-tile", () => market.ask("/api/tile/0/x999/999"));
	refused("for no entry", "404 no-such-entry", () => market.ask(`/api/entries/${NOBODY}`));
	refused("for no order", "404 no-such-order", () => market.ask(`/api/orders/${small.id}`));
	refused("as of what has not happened yet", "422 as-of-ahead /as_of", () =>
		market.ask(`/api/entries/${small.id}?as_of=1000000`),
	);
	refused("as of before it was there", "404 not-there-yet", () =>
		market.ask(`/api/entries/${small.id}?as_of=1`),
	);
	refused("for no post", "404 no-such-post", () => market.ask(`/api/posts/${NOBODY}`));
	refused("for no agent", "404 unknown-agent", () => market.ask(`/api/agents/${market.agent().key}`));

	refused("while more is being read than there is memory for", "503 busy", async () => {
		// All bodies together may hold 256 MiB.
		const slow = Array.from({ length: 32 }, begun);
		const answer = await until(503);
		for (const one of slow) one.destroy();
		await until(400);
		return answer;
	});

	/** As large as a batch may be, and never sent whole. */
	function begun(): Socket {
		const { hostname, port } = new URL(market.url);
		const socket = dial(Number(port), hostname);
		const length = 8 * 1024 * 1024;
		socket.write(
			`POST /api/messages HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${length}\r\n\r\n`,
		);
		return socket;
	}

	async function until(status: number): Promise<Response> {
		for (;;) {
			const answer = await post("{}");
			if (answer.status === status) return answer;
			await answer.text();
		}
	}

	refused("while the database is away, and only until then", "503 not-processed", async () => {
		const other = await openMarket();
		const message = other.agent().says("agent:profile", { name: "Ada" });
		const answer = await other.unreachable(() => other.post(message));
		expect((await other.post(message)).status).toBe(201);
		await other.close();
		return answer;
	});
});

describe("a session", () => {
	const ledgerOf = ({ key }: Speaker, headers = {}) => market.ask(`/api/agents/${key}/ledger`, { headers });

	refused("by a token that is none", "401 no-session", () =>
		ledgerOf(small.seller, { Authorization: "Bearer x" }),
	);
	refused("that is missing where one must be", "401 session-needed", () => ledgerOf(small.seller));
	refused("for a nonce that nobody gave", "401 wrong-session", () => {
		const { key, secret } = market.agent();
		const signature = sign(secret, signedBytes("session", market.exchange.key, NOBODY));
		return post({ key, nonce: NOBODY, signature }, { path: "/api/session" });
	});
	refused("of somebody else", "403 ledger-not-yours", async () =>
		ledgerOf(small.seller, await market.session(market.agent())),
	);
	refused("of somebody else, for a history", "403 history-not-yours", async () =>
		market.ask(`/api/agents/${small.seller.key}/history.ndjson`, {
			headers: await market.session(market.agent()),
		}),
	);
	refused("that claims a house which has its operator", "409 claim-used", async () =>
		post({ token: "none" }, { path: "/api/operator/claim", ...(await market.session(market.agent())) }),
	);
});

describe("too much", () => {
	refused("of one kind of message", "429 over-limit", async () => {
		const ada = market.agent();
		await spent(ada);
		return post(ada.says("exchange:buy", { task: "one more", budget: 1 }));
	});
	refused("of what is not logged", "429 too-many", async () => {
		const draft = { sender: market.agent().key, tags: ["agent:profile"], payload: {}, antecedents: [] };
		const asks = () => post(draft, { path: "/api/messages/dry-run" });
		await Promise.all(Array.from({ length: 60 }, asks));
		return asks();
	});
});

/** Sends thirty buys, all that one may in a minute, at the beginning of one: none is forgotten while it lasts. */
async function spent(agent: Speaker): Promise<void> {
	market.later(MINUTE - (market.now() % MINUTE));
	const buys = Array.from({ length: 30 }, (_, i) => agent.says("exchange:buy", { task: `${i}`, budget: 1 }));
	const lines = buys.map((one) => JSON.stringify(one)).join("\n");
	await (await post(lines, { "Content-Type": "application/x-ndjson" })).text();
}

describe("a message", () => {
	const buy = (payload: Payload) => market.agent().says("exchange:buy", { task: "t", budget: 1, ...payload });

	refused("that is not JSON", "400 not-json", () => post("{"));
	refused("with an eighth field", "400 not-a-message /seq", () => post({ ...hello(), seq: 1 }));
	refused("changed after it was signed", "400 id-mismatch /id", () => post({ ...hello(), payload: {} }));
	refused("signed by another", "401 bad-signature /signature", () => post(forged(hello())));
	refused("of no operation", "422 unknown-operation /tags", () => post(market.agent().says("exchange:gift")));
	refused("with a tag that its payload does not produce", "422 wrong-tags /tags", () =>
		post(market.agent().says("agent:profile", {}, { tags: ["exchange:domain:go"] })),
	);
	refused("with a field too many", "422 unknown-field /payload/nam", () => post(hello({ nam: "Ada" })));
	refused("with null for nothing", "422 null-not-allowed /payload/name", () => post(hello({ name: null })));
	refused("with a field too few", "422 missing-field /payload/budget", () =>
		post(buy({ budget: undefined })),
	);
	refused("with a value that is none", "422 invalid-field /payload/kind", () =>
		post(hello({ kind: "robot" })),
	);
	refused("with a value out of bounds", "422 out-of-bounds /payload/budget", () =>
		post(buy({ budget: 10_000_001 })),
	);
	refused("with another's content by its hash", "422 content-required /payload/content", () => {
		const { description, token_cost, content_type, content, content_hash } = small;
		const detached = { bytes: content.length, sha256: content_hash.slice("sha256:".length) };
		const put = { description, token_cost, content_type, content: detached };
		return post(market.agent().says("exchange:put", put));
	});
	refused("of another time", "422 timestamp-off /timestamp", () =>
		post(market.agent().says("agent:profile", {}, stale())),
	);
	refused("that answers nothing", "404 unknown-antecedent /antecedents/0", () =>
		post(settles(market.agent(), "complete", small, NOBODY)),
	);
	refused("that answers another kind", "422 wrong-antecedent /antecedents", () =>
		post(settles(market.agent(), "complete", small, small.id)),
	);
	refused("from who may not send it", "403 sender-not-allowed /sender", () =>
		post(market.agent().says("scrip:mint", { recipient: "treasury", amount: 1, reference: "mine" })),
	);
});

describe("an operator", () => {
	const roleOf = (subject: Speaker, role: string) => ({ subject: subject.key, role });
	const configures = (changes: Payload) => operates("operator:configure", { changes });

	refused("who grants what is granted", "409 already-granted /payload/subject", () =>
		operates("operator:grant", roleOf(market.operator, "operator")),
	);
	refused("who revokes what was not granted", "409 not-granted /payload/subject", () =>
		operates("operator:revoke", roleOf(market.agent(), "vouched")),
	);
	refused("who is the last one, and leaves", "409 last-operator", () =>
		operates("operator:revoke", roleOf(market.operator, "operator")),
	);
	refused("who sets what there is not", "422 unknown-setting /payload/changes/exchange.luck", () =>
		configures({ "exchange.luck": 1 }),
	);
	refused("who sets too much", "422 setting-out-of-bounds /payload/changes/exchange.quote_minutes", () =>
		configures({ "exchange.quote_minutes": 0 }),
	);
	refused("who sets what cannot be together", "422 settings-contradict /payload/changes", () =>
		configures({ "exchange.lambda_bp": 10_000 }),
	);
});

describe("an agent", () => {
	refused("named so that it is taken for the house", "422 name-reserved /payload/name", () =>
		post(hello({ name: "The 0perator" })),
	);
});

describe("an account elsewhere", () => {
	const secret = generateSecretKey();
	const account = getPublicKey(secret);
	const linked = (by: Speaker, secondsAgo = 0) => {
		const unsigned = linkProof(market.exchange.key, by.key, account, market.now() - secondsAgo * 1_000);
		return by.says("agent:link", {
			rail: "nostr",
			account,
			proof: JSON.stringify(finalizeEvent(unsigned, secret)),
		});
	};

	refused("whose words are not there to put aside", "404 no-such-draft", async () => {
		const headers = await market.session(market.agent());
		return market.ask(`/api/drafts/${NOBODY}`, { method: "DELETE", headers });
	});
	refused("linked without its word", "422 link-proof-invalid /payload/proof", () =>
		post(market.agent().says("agent:link", { rail: "nostr", account, proof: "{}" })),
	);
	refused("linked by an older word of it", "409 link-replaced /payload/proof", async () => {
		await market.said(linked(market.agent()));
		return post(linked(market.agent(), 60));
	});
});

describe("an owner", () => {
	refused("named as the exchange itself", "422 operator-id-reserved /payload/operator_id", () =>
		post(hello({ operator_id: "treasury" })),
	);
	refused("joined without its key's word", "422 operator-proof-invalid /payload/operator_proof", async () => {
		await market.said(hello({ operator_id: "house-a" }));
		return post(hello({ operator_id: "house-a", operator_proof: "0".repeat(128) }));
	});
});

describe("a key", () => {
	const rotates = (by: Speaker, to: Speaker, signed = by.key) => {
		const bytes = signedBytes("rotate", market.house.key, signed, to.key);
		return by.says("agent:rotate", { new_key: to.key, proof: sign(to.secret, bytes) });
	};
	refused("that another has replaced", "401 key-rotated /sender", async () => {
		const ada = market.agent();
		await market.said(rotates(ada, market.agent()));
		return post(hello({}, ada));
	});
	refused("whose word for another rotation is shown", "422 rotation-proof-invalid /payload/proof", () =>
		post(rotates(market.agent(), market.agent(), NOBODY)),
	);
	refused("that is somebody's already", "409 key-seen /payload/new_key", () =>
		post(rotates(market.agent(), market.operator)),
	);
});

describe("scrip", () => {
	refused("burned that the treasury does not hold", "402 treasury-short /payload/amount", () =>
		operates("scrip:burn", { amount: 1_000_001 }),
	);
	refused("minted twice against one payment", "409 reference-used /payload/reference", () =>
		post(mints(1, "treasury", "treasury float")),
	);
	refused("minted by the exchange", "403 only-first-float", () => {
		const mint = { recipient: "treasury", amount: 1, reference: "another float" };
		return post(market.exchange.says("scrip:mint", mint));
	});
	refused("beyond all that may ever be issued", "409 issue-limit /payload/amount", async () => {
		const { key } = market.agent();
		await market.said(alone(9_000_000_000));
		for (let n = 1; n <= 8; n++) await market.said(mints(1_000_000_000, key, `hoard ${n}`));
		const ninth = await post(mints(1_000_000_000, key, "hoard 9"));
		await market.said(alone(50_000));
		return ninth;
	});
	/** The sum above which it takes two house operators. */
	const alone = (scrip: number) =>
		market.operator.says("operator:configure", {
			changes: { "operator.second_above_scrip": scrip },
			reason: "For this story.",
		});
	const seconds = (to: string) => market.operator.says("operator:second", { reason: "Seen too." }, on(to));
	refused("agreed to where one house operator was enough", "409 nothing-to-second", async () => {
		const { id } = await market.said(mints(1, market.agent().key));
		return post(seconds(id));
	});
	refused("agreed to twice by the same house operator", "403 own-act", async () => {
		const { id } = await market.said(mints(50_001, market.agent().key));
		return post(seconds(id));
	});
});

describe("a ruling on a put", () => {
	const accepts = async (terms: Payload) => post(market.acceptance(await market.put(), terms));

	refused("that names another", "422 wrong-entry /payload/entry_id", () => accepts({ entry_id: small.id }));
	refused("that mismeasures it", "422 facts-differ /payload/tokens", () => accepts({ tokens: 99 }));
	refused("for an entry already over", "422 expiry-out-of-bounds /payload/expires_at", () =>
		accepts({ expires_at: new Date(market.now()).toISOString() }),
	);
	refused(
		"with a preview's plan that is not the exchange's",
		"422 plan-out-of-bounds /payload/preview_plan",
		() => accepts({ preview_plan: [{ position: 0, length: 9 }] }),
	);
	refused("that calls it a copy of nothing", "422 not-earlier /payload/factors/copy_of", () =>
		accepts({ factors: { copy_of: 1 } }),
	);
	refused("that pays a newcomer nothing", "409 price-off /payload/price", () => accepts({ price: 0 }));
	refused("that pays from the last quarter of the float", "409 treasury-floor /payload/price", () =>
		accepts({ price: 750_001, appraisal: 750_001 }),
	);
	refused("given before", "409 ruled-already", () => post(market.acceptance(small)));
	refused("that nobody ruled, while there is time", "409 still-in-review /payload/code", async () => {
		const goods = await market.put();
		const why = { code: "not-reviewed", reason: "Nobody looked." };
		return post(settles(market.operator, "put-reject", goods, goods.id, why));
	});
	refused("after its time", "409 too-late", async () => {
		const goods = await market.put();
		market.later(7 * DAY);
		return post(market.acceptance(goods));
	});
});

describe("a buy", () => {
	refused("for more than there is", "402 short-of-scrip /payload/budget", () =>
		post(market.agent().says("exchange:buy", { task: "t", budget: 1 })),
	);
});

describe("a match", () => {
	/** A buy, and a match that says of each entry, beside what is so, something else. */
	async function matches({
		of = [small],
		wish,
		says,
		meta,
	}: Partial<Record<"wish" | "says" | "meta", Payload>> & { of?: Goods[] }) {
		const results = await Promise.all(of.map(market.resultOf));
		const buyer = await market.minted(1_000);
		const buy = await market.said(buyer.says("exchange:buy", { task: "t", budget: 1_000, ...wish }));
		const payload = { results: results.map((one) => ({ ...one, ...says })), search_meta: meta };
		return post(market.exchange.says("exchange:match", payload, on(buy.id)));
	}

	refused("that comes second", "409 already-matched", async () => {
		const { buy } = await market.quoted(await market.minted(500), [small]);
		return post(market.exchange.says("exchange:match", { results: [] }, on(buy)));
	});
	refused("dearer than the budget", "422 over-budget /payload/results/0/price", () =>
		matches({ wish: { budget: 1 } }),
	);
	refused("with more than was asked for", "422 too-many-results /payload/results", () =>
		matches({ of: [small, large], wish: { max_results: 1 } }),
	);
	refused("that praises an entry", "422 result-untrue /payload/results/0/description", () =>
		matches({ says: { description: "The best there is" } }),
	);
	refused(
		"with a quote that holds too long",
		"422 quote-untrue /payload/search_meta/quote_expires_at",
		() => {
			const quote_expires_at = new Date(market.now() + DAY).toISOString();
			const found = { embedder: "none", floor: 0, candidates: 1, filtered: {}, layers: {}, took_ms: 1 };
			return matches({ meta: { quote_expires_at, ...found } });
		},
	);
	refused("of what the buyer does not want", "409 filtered-out /payload/results/0", () =>
		matches({ wish: { content_type: "plan" } }),
	);
	refused("of what has expired", "409 entry-gone /payload/results/0", async () => {
		const expires_at = new Date(market.now() + MINUTE).toISOString();
		const brief = await market.stocked({}, { expires_at });
		const { price } = await market.resultOf(brief);
		market.later(MINUTE);
		return matches({ of: [brief], says: { price } });
	});
});

describe("a preview", () => {
	const asks = async (goods: Goods, by?: Speaker) => {
		const buyer = await market.minted(500);
		const quote = await market.quoted(buyer, [goods]);
		return { ...quote, buyer, request: settles(by ?? buyer, "preview-request", goods, quote.match) };
	};
	const shows = (request: string, payload: Payload) =>
		market.exchange.says("exchange:settle/preview", payload, on(request));

	refused("of what was not offered", "422 entry-not-offered /payload/entry_id", async () => {
		const { buyer, match } = await asks(small);
		return post(settles(buyer, "preview-request", large, match));
	});
	refused("of small content", "422 too-small-to-preview /payload/entry_id", async () =>
		post((await asks(small)).request),
	);
	refused("asked for by a stranger", "403 not-yours", async () =>
		post((await asks(large, market.agent())).request),
	);
	refused("of what was declined", "409 already-rejected", async () => {
		const { buyer, match, request } = await asks(large);
		await market.said(settles(buyer, "buyer-reject", large, match));
		return post(request);
	});
	refused("after the quote", "409 quote-expired", async () => {
		const { buyer, match } = await asks(large);
		market.later(HOUR);
		return post(settles(buyer, "preview-request", large, match));
	});
	refused("at a price of its own", "422 preview-wrong", async () => {
		const { price, request } = await asks(large);
		const { id } = await market.said(request);
		return post(shows(id, { ...market.previewOf(large, price), price: 1 }));
	});
	refused("that was shown", "409 already-previewed", async () => {
		const { price, request } = await asks(large);
		const { id } = await market.said(request);
		await market.said(shows(id, market.previewOf(large, price)));
		return post(shows(id, market.previewOf(large, price)));
	});
});

describe("an accept", () => {
	const quote = async (...goods: Goods[]) => {
		const buyer = await market.minted(2_000);
		return { buyer, ...(await market.quoted(buyer, goods)) };
	};
	const accepts = async (goods: Goods) => {
		const { buyer, match } = await quote(goods);
		return settles(buyer, "buyer-accept", goods, match);
	};

	refused("of large content unseen", "422 preview-required /antecedents", async () =>
		post(await accepts(large)),
	);
	refused("of one's own owner's", "403 own-entry", async () => {
		const { buyer, match } = await quote(small);
		await market.said(hello({ operator_id: "house-b" }, buyer));
		const bytes = signedBytes("operator", market.exchange.key, "house-b", small.seller.key);
		const operator_proof = sign(buyer.secret, bytes);
		await market.said(hello({ operator_id: "house-b", operator_proof }, small.seller));
		return post(settles(buyer, "buyer-accept", small, match));
	});
	refused("made before", "409 already-accepted", async () => {
		const { buyer, match } = await quote(small);
		await market.said(settles(buyer, "buyer-accept", small, match));
		return post(settles(buyer, "buyer-accept", small, match));
	});
	refused("of what is held back", "409 entry-gated", async () => {
		const goods = await market.stocked();
		const accept = await accepts(goods);
		await shut(goods);
		return post(accept);
	});
	refused("beyond the budget", "409 budget-spent", async () => {
		const other = await market.stocked();
		const buyer = await market.minted(2_000);
		const { price } = await market.resultOf(other);
		const { match } = await market.quoted(buyer, [small, other], { budget: price });
		await market.said(settles(buyer, "buyer-accept", small, match));
		return post(settles(buyer, "buyer-accept", other, match));
	});
	refused("of a sixth at once", "409 too-many-reservations", async () => {
		const all = await Promise.all(Array.from({ length: 6 }, () => market.stocked()));
		const { buyer, match } = await quote(...all);
		for (const goods of all.slice(0, 5)) await market.said(settles(buyer, "buyer-accept", goods, match));
		return post(settles(buyer, "buyer-accept", all[5]!, match));
	});
});

/** Shuts its gate for a day, by the one dispute that then suffices: the id of that. */
async function shut(goods: Goods): Promise<string> {
	const purchase = await market.bought(goods);
	const dispute = await market.under({ "exchange.disputers_to_gate": 1 }, () =>
		market.said(disputesSmall(purchase)),
	);
	return dispute.id;
}

describe("a delivery", () => {
	const delivers = ({ goods, accept }: Purchase, content: string) =>
		settles(market.exchange, "deliver", goods, accept, { content, content_hash: small.content_hash });

	refused("of something else", "422 wrong-content /payload/content", async () =>
		post(delivers(await market.bought(small), "something else")),
	);
	refused("made before", "409 already-delivered", async () => {
		const purchase = await market.bought(small);
		return post(delivers(purchase, small.content));
	});
});

describe("a complete", () => {
	const completes = async (more: Payload) => post(next(await market.bought(small), "complete", more));

	refused(
		"of content that is not what its hash says",
		"422 hash-not-verified /payload/content_hash_verified",
		() => completes({ content_hash_verified: false }),
	);
	refused("at another price", "422 price-mismatch /payload/price", () => completes({ price: 1 }));
	refused("made before", "409 already-settled", async () => {
		const purchase = await market.bought(small);
		await market.said(next(purchase, "complete"));
		return post(next(purchase, "complete"));
	});
	refused("by the exchange before its time", "409 not-due", async () => {
		const { goods, deliver, price } = await market.bought(small);
		return post(settles(market.exchange, "auto-complete", goods, deliver, { price }));
	});
});

describe("a dispute", () => {
	refused("of large content, for an automatic refund", "422 not-small-content /payload/entry_id", async () =>
		post(disputesSmall(await market.bought(large))),
	);
	refused("after the day's last", "429 too-many-disputes", async () => {
		const purchase = await market.bought(small);
		return market.under({ "exchange.small_disputes_per_day": 0 }, () => post(disputesSmall(purchase)));
	});
	refused("by an owner that has used up its refunds", "429 dispute-allowance", async () => {
		const purchase = await market.bought(small);
		return market.under({ "exchange.small_disputes_free": 0 }, () => post(disputesSmall(purchase)));
	});
	refused("beside as many as are allowed", "409 too-many-open-disputes", async () => {
		const purchase = await market.bought(small);
		return market.under({ "exchange.open_disputes": 0 }, () =>
			post(next(purchase, "dispute", { dispute_type: "stale_content" })),
		);
	});
	refused("with a sixth piece of evidence", "409 evidence-full", async () => {
		const purchase = await market.bought(small);
		const dispute = await market.disputed(purchase);
		const evidence = (n: number) =>
			settles(purchase.buyer, "evidence", small, dispute, { reason: `It fails at line ${n}.` });
		for (let n = 1; n <= 5; n++) await market.said(evidence(n));
		return post(evidence(6));
	});
	refused("ruled on by who made it", "403 party-to-dispute", async () => {
		await market.minted(500, market.operator);
		const dispute = await market.disputed(await market.bought(small, market.operator));
		const verdict = { verdict: "accepted", reason: "I was right." };
		return post(settles(market.operator, "verdict", small, dispute, verdict));
	});
});

describe("a gate", () => {
	const clears = (goods: Goods, by: string) =>
		post(market.exchange.says("exchange:clear", { entry_id: goods.id, gate: "disputes" }, on(by)));

	refused("that nothing shut", "409 gate-not-shut", () => clears(small, small.id));
	refused("before its day is over", "409 gate-not-due", async () => {
		const goods = await market.stocked();
		return clears(goods, await shut(goods));
	});
});

describe("of several faults at once the first is told", () => {
	const nobodys = { Authorization: "Bearer x" };

	refused("its encoding before its form", "415 encoding-not-taken", () =>
		post("{", { "Content-Encoding": "gzip" }),
	);
	refused("its form before its payload", "400 id-mismatch /id", () =>
		post({ ...hello({ nam: "Ada" }), id: NOBODY }),
	);
	refused("its payload before its signature", "422 unknown-field /payload/nam", () =>
		post(forged(hello({ nam: "Ada" }))),
	);
	refused("its payload before whose session brings it", "422 unknown-field /payload/nam", () =>
		post(hello({ nam: "Ada" }), nobodys),
	);
	refused("its payload before whose session tries it out", "422 unknown-field /payload/nam", () =>
		post(hello({ nam: "Ada" }), { path: "/api/messages/dry-run", ...nobodys }),
	);
	refused("that a batch has no line before whose session brings it", "400 empty-batch", () =>
		post("\n", { "Content-Type": "application/x-ndjson", ...nobodys }),
	);
	refused("its signature before that it is known", "401 bad-signature /signature", async () => {
		const known = hello();
		await market.said(known);
		return post(forged(known));
	});
	refused("whose session brings it before that it is known", "401 no-session", async () => {
		const known = hello();
		await market.said(known);
		return post(known, nobodys);
	});
	test("that it is known before its time", async () => {
		const known = hello();
		await market.said(known);
		market.later(HOUR);
		const again = await post(known);
		expect([again.status, again.headers.get("Replayed")]).toEqual([200, "true"]);
	});
	refused("its time before the limit", "422 timestamp-off /timestamp", async () => {
		const ada = market.agent();
		await spent(ada);
		return post(ada.says("exchange:buy", { task: "t", budget: 1 }, stale()));
	});
	refused("the limit before what it answers", "429 over-limit", async () => {
		const ada = market.agent();
		await spent(ada);
		return post(ada.says("exchange:buy", { task: "t", budget: 1 }, on(NOBODY)));
	});
	refused(
		"that it answers nothing before that it answers another kind",
		"404 unknown-antecedent /antecedents/1",
		() => {
			const antecedents = [small.id, NOBODY];
			return post(market.agent().says("exchange:settle/complete", { entry_id: small.id }, { antecedents }));
		},
	);
	refused("that it answers another kind before who sends it", "422 wrong-antecedent /antecedents", () =>
		post(market.agent().says("exchange:match", { results: [] }, on(small.id))),
	);
	refused("who sends it before what has become of it", "403 sender-not-allowed /sender", () =>
		post(market.acceptance(small, {}, market.agent())),
	);
	refused("that it is untrue before whose it is", "422 price-mismatch /payload/price", async () => {
		const { goods, deliver } = await market.bought(small);
		return post(settles(market.agent(), "complete", goods, deliver, { price: 1 }));
	});
	refused("whose it is before what has become of it", "403 not-yours", async () => {
		const purchase = await market.bought(small);
		await market.said(next(purchase, "complete"));
		return post(settles(market.agent(), "complete", small, purchase.deliver));
	});
	refused("what has become of it before the money", "409 already-accepted", async () => {
		const { price } = await market.resultOf(small);
		const purchase = await market.bought(small, await market.minted(price));
		return post(settles(purchase.buyer, "buyer-accept", small, purchase.match));
	});
	refused("who asks before whether there is anything", "401 session-needed", () =>
		market.ask("/api/agents/nobody/ledger"),
	);
});

describe("on the board", () => {
	let board: ReturnType<typeof boardOf>;
	beforeAll(() => {
		board = boardOf(market);
		board.monday();
	});
	const posts = (more: Payload = {}, by = market.agent()) => post(board.posts(by, "need", more));

	refused("a window that ends before it starts", "422 window-reversed /payload/window/end", () =>
		posts({ window: board.window(HOUR, 0) }),
	);
	refused("a window that has passed", "422 window-past /payload/window/end", () =>
		posts({ window: board.window(-HOUR, -MINUTE) }),
	);
	refused("a window of more than 14 days", "422 window-too-long /payload/window/end", () =>
		posts({ window: board.window(0, 15 * DAY) }),
	);
	refused("a second post in a week", "409 slot-taken", async () => {
		const ada = market.agent();
		await board.posted(ada);
		return posts({}, ada);
	});
	refused("a post in place of the third that was withdrawn", "409 slot-used-up", async () => {
		const ada = market.agent();
		for (let n = 0; n < 3; n++) {
			const withdrawn = await board.posted(ada);
			market.later(11 * MINUTE);
			await market.said(ada.says("board:withdraw", {}, on(withdrawn)));
		}
		return posts({}, ada);
	});
	refused("a post by one agent too many of an owner", "409 owner-slots-used", () =>
		market.under({ "board.owner_posts_per_week": 1 }, async () => {
			const [ada, bob] = [market.agent(), market.agent()];
			await market.said(hello({ operator_id: "house-c" }, ada));
			const operator_proof = sign(
				ada.secret,
				signedBytes("operator", market.exchange.key, "house-c", bob.key),
			);
			await market.said(hello({ operator_id: "house-c", operator_proof }, bob));
			await board.posted(ada);
			return posts({}, bob);
		}),
	);
	refused("a post by who owes closures", "409 closure-debt", () =>
		market.under({ "board.open_debts": 0, "board.closure_due_hours": 1 }, async () => {
			const { author } = await board.agreed();
			board.monday();
			return posts({}, author);
		}),
	);

	refused("a revision of what is agreed on", "409 post-agreed", async () => {
		const { author, post: agreed } = await board.agreed();
		return post(board.revises(author, agreed));
	});
	refused("a revision of what is over", "409 post-over", async () => {
		const ada = market.agent();
		const over = await board.posted(ada);
		await market.said(ada.says("board:withdraw", {}, on(over)));
		return post(board.revises(ada, over));
	});
	refused("an answer to one's own post", "403 own-post", async () => {
		const ada = market.agent();
		return post(board.responds(ada, await board.posted(ada)));
	});
	refused("an answer to what the post said before", "409 revised-since", async () => {
		const ada = market.agent();
		const revised = await board.posted(ada);
		const { id: old } = await market.said(board.revises(ada, revised));
		await market.said(board.revises(ada, revised));
		return post(board.responds(market.agent(), old));
	});
	refused("a second answer", "409 already-responded", async () => {
		const { responder, post: answered } = await board.answered();
		return post(board.responds(responder, answered));
	});
	refused("an answer with a post of the same kind", "422 same-kind /payload/counter_post", async () => {
		const bob = market.agent();
		const [need, counter_post] = [await board.posted(market.agent()), await board.posted(bob)];
		return post(board.responds(bob, need, { counter_post }));
	});
	refused("an agree to what was retracted", "409 response-over", async () => {
		const { author, responder, response } = await board.answered();
		await market.said(responder.says("board:retract", {}, on(response)));
		return post(author.says("board:agree", {}, on(response)));
	});
	refused("an agree to what was answered to other terms", "409 response-stale", async () => {
		const { author, post: changed, response } = await board.answered();
		await market.said(board.revises(author, changed, { budget: { cap: "1", unit: "EUR" } }));
		return post(author.says("board:agree", {}, on(response)));
	});
	refused("one agreement too many", "409 too-many-agreements", () =>
		market.under({ "board.open_agreements": 1 }, async () => {
			const bob = market.agent();
			await board.agreed(market.agent(), bob);
			const { author, response } = await board.answered(market.agent(), bob);
			return post(author.says("board:agree", {}, on(response)));
		}),
	);

	const envelope = (to: Speaker) => {
		const [enc, ciphertext] = [32, 40].map((bytes) => Buffer.alloc(bytes).toString("base64"));
		return { for: to.key, enc, ciphertext };
	};
	refused("a note that the other party cannot read", "422 wrong-readers /payload/sealed", async () => {
		const { author, responder, agree } = await board.agreed();
		const sealed = [envelope(author)];
		return post(author.says("board:note", { to: responder.key, sealed }, on(agree)));
	});
	refused("a second close", "409 already-closed", async () => {
		const { responder, agree } = await board.closed();
		return post(board.closes(responder, agree));
	});
	refused("a confirm of one's own close", "403 own-close", async () => {
		const { author, close } = await board.closed();
		return post(author.says("board:confirm", {}, on(close)));
	});
	refused("a contest of what was confirmed", "409 agreement-over", async () => {
		const { responder, close } = await board.closed();
		await market.said(responder.says("board:confirm", {}, on(close)));
		return post(responder.says("board:contest", { reason: "Not so." }, on(close)));
	});
	refused("a close by who declared a no-show", "409 no-show-declared", async () => {
		const { author, agree } = await board.agreed();
		market.later(DAY);
		await market.said(author.says("board:no-show", {}, on(agree)));
		return post(board.closes(author, agree));
	});

	const reveals = async (index: number, content: string, before?: string) => {
		const receipts = [{ kind: "hash", value: small.content_hash }];
		const { author, close } = await board.closed({ receipts });
		const says = (content: string) => author.says("board:reveal", { index, content }, on(close));
		if (before !== undefined) await market.said(says(before));
		return post(says(content));
	};
	refused("a reveal of what has no hash", "422 no-hash-there /payload/index", () =>
		reveals(1, small.content),
	);
	refused("a reveal of something else", "422 reveal-mismatch /payload/content", () => reveals(0, "another"));
	refused("a second reveal", "409 already-revealed", () => reveals(0, small.content, small.content));

	const hides = (target: string, more: Payload = {}) =>
		market.operator.says(
			"operator:hide",
			{ scope: "listing", at_fault: true, reason: "Seen.", ...more },
			on(target),
		);
	const rules = (target: string, verdict: string, more: Payload = {}, by = market.operator) =>
		by.says("operator:verdict", { verdict, reason: "Read and compared.", ...more }, on(target));
	const contested = async () => {
		const deal = await board.closed();
		const contests = deal.responder.says("board:contest", { reason: "Not so." }, on(deal.close));
		return { ...deal, contest: (await market.said(contests)).id };
	};
	refused("an answer to what is hidden", "409 post-hidden", async () => {
		const hidden = await board.posted(market.agent());
		await market.said(hides(hidden));
		return post(board.responds(market.agent(), hidden));
	});
	refused("a hide of what is hidden", "409 already-hidden", async () => {
		const hidden = await board.posted(market.agent());
		await market.said(hides(hidden));
		return post(hides(hidden));
	});
	refused("a hide until what has passed", "422 until-past /payload/until", async () =>
		post(hides(await board.posted(market.agent()), { until: new Date(market.now()).toISOString() })),
	);
	refused("a restore of what is seen", "409 not-hidden", async () => {
		const seen = await board.posted(market.agent());
		const restore = { scope: "listing", at_fault: false, reason: "It may stay." };
		return post(market.operator.says("operator:restore", restore, on(seen)));
	});
	refused("a second flag", "409 already-flagged", async () => {
		const bob = market.agent();
		const flagged = await board.posted(market.agent());
		await market.said(bob.says("board:flag", { reason: "spam" }, on(flagged)));
		return post(bob.says("board:flag", { reason: "scam" }, on(flagged)));
	});
	refused("a second appeal", "409 already-appealed", async () => {
		const ada = market.agent();
		const { id } = await market.said(hides(await board.posted(ada)));
		const appeals = () => ada.says("board:appeal", { text: "Look again." }, on(id));
		await market.said(appeals());
		return post(appeals());
	});
	refused(
		"a ruling that declines and says how it went",
		"422 outcome-out-of-place /payload/outcome",
		async () => post(rules((await contested()).contest, "declined", { outcome: "done" })),
	);
	refused("a ruling by a party", "403 own-case", async () => {
		const { author, contest } = await contested();
		const grant = { subject: author.key, role: "operator", reason: "Helps." };
		await market.said(market.operator.says("operator:grant", grant));
		return post(rules(contest, "accepted", {}, author));
	});
	const suspends = ({ key }: Speaker) =>
		market.operator.says("operator:suspend", { subject: key, reason: "Floods." });
	refused("a post by who is suspended", "403 suspended", async () => {
		const ada = market.agent();
		await market.said(suspends(ada));
		return posts({}, ada);
	});
	refused("a suspension of who is suspended", "409 already-suspended", async () => {
		const ada = market.agent();
		await market.said(suspends(ada));
		return post(suspends(ada));
	});
	refused("a suspension of the house", "409 of-the-house /payload/subject", () =>
		post(suspends(market.operator)),
	);
	refused("a reinstatement of who is free", "409 not-suspended /payload/subject", () =>
		operates("operator:reinstate", { subject: market.agent().key }),
	);

	refused("a lapse by another name", "422 outcome-differs /payload/outcome", async () => {
		const { agree } = await board.agreed();
		return post(market.exchange.says("board:lapse", { outcome: "one-sided" }, on(agree)));
	});
	const digests = (figures: Payload) => {
		const none = { posted: 0, answered: 0, matched: 0, closed: 0, one_sided: 0, contested: 0, no_show: 0 };
		const rest = { lapsed: 0, stranded: 0, late_closures: 0, fill_rate_bp: 10_000 };
		const checkpoint = { size: 0, root: `${"A".repeat(43)}=` };
		const told = { week: "2020-W53", figures: { ...none, ...rest, ...figures }, stranded: [], checkpoint };
		return market.exchange.says("board:digest", told);
	};
	refused("a digest that praises its week", "422 figures-untrue /payload/figures", () =>
		post(digests({ matched: 1 })),
	);
	refused("a second digest", "409 already-digested", async () => {
		await market.said(digests({}));
		return post(digests({}));
	});
});

describe("all of them", () => {
	test("are provoked above: a new code needs a new provocation", () => {
		const known = catalogue().map(({ code }) => code);
		expect(known.filter((code) => !provoked.has(code))).toEqual([]);
	});
	test("are answers, not failures: the exchange had nothing to complain of", () => {
		expect(market.told).toEqual([]);
	});
});
