import { finalizeEvent, generateSecretKey, getPublicKey } from "nostr-tools/pure";
import { linkProof } from "../agents/link";
import { Board, closes, confirms, contests, DAY, responds } from "../board/given";
import { goods, Market, minted, operator, wants } from "../exchange/given";
import {
	bought,
	completes,
	considered,
	disputes,
	disputesSmall,
	rules,
	settles,
} from "../exchange/operations/settle/given";
import { sha256Hex, utf8 } from "../log/bytes";
import { type Agent, agent, type Saying, type Story, theExchange } from "../log/given";
import type { JsonObject } from "../log/json";
import { sign, signedBytes } from "../log/sign";

/** A moment at which something may be said: by whom, is the question. */
export interface Situation {
	story: Story;
	/** Who has a part in what is spoken about. */
	parties: Record<string, Agent>;
	/** The very words, as this one would say them; `as`: which party it is. */
	says(by: Agent, as: string | undefined): Saying;
	/** What must have been said before, whoever speaks. */
	first?(by: Agent): Saying;
}

const [ada, bob, cy, mo] = [agent("ada"), agent("bob"), agent("cy"), agent("mo")];
const REASON = "Seen and compared.";

// ---- Agents

/** Nobody's affairs but the speaker's own. */
export const alone = (operation: string, payload: JsonObject = {}): Situation => ({
	story: new Board(),
	parties: {},
	says: (by) => by.says(operation, payload),
});

export function linking(): Situation {
	const story = new Board();
	const secret = generateSecretKey();
	const account = getPublicKey(secret);
	const proof = ({ key }: Agent) =>
		JSON.stringify(finalizeEvent(linkProof(theExchange.key, key, account, story.now), secret));
	const says = (by: Agent) => by.says("agent:link", { rail: "nostr", account, proof: proof(by) });
	return { story, parties: {}, says };
}

const NEW = agent("a key that nobody has seen");
const rotates = (by: Agent, lost: string, more: JsonObject = {}): Saying => {
	const proof = sign(NEW.secret, signedBytes("rotate", theExchange.key, lost, NEW.key));
	return by.says("agent:rotate", { new_key: NEW.key, proof, ...more });
};
export const rotating = (): Situation => ({
	story: new Board(),
	parties: {},
	says: (by) => rotates(by, by.key),
});
/** Of a lost key: the agent's own, or its recovery key's to do. */
export const recovering = (): Situation => ({
	story: new Board().given(ada.says("agent:profile", { recovery_key: bob.key })),
	parties: { "recovery key": bob },
	says: (by) => rotates(by, ada.key, { agent: ada.key }),
});

// ---- The board

export const posting = (kind: "offer" | "need") => (): Situation => {
	const story = new Board();
	return { story, parties: {}, says: (by) => story.posts(by, kind) };
};

/** The author's post. */
export const posted = (says: (by: Agent, post: string, board: Board) => Saying) => (): Situation => {
	const story = new Board();
	const post = story.post(ada, "need");
	return { story, parties: { author: ada }, says: (by) => says(by, post, story) };
};
/** And what somebody answered to it. */
export const answered = (operation: string) => (): Situation => {
	const story = new Board();
	const response = story.said(responds(bob, story.post(ada, "need")));
	return { story, parties: { author: ada, responder: bob }, says: (by) => by.says(operation, {}, response) };
};
/** And what they agreed on. */
export const agreed =
	(says: (by: Agent, agree: string, other: Agent) => Saying, laterMs = 0) =>
	(): Situation => {
		const story = new Board();
		const { agree } = story.agreed(ada, bob);
		story.later(laterMs);
		const other = (as: string | undefined) => (as === "author" ? bob : ada);
		return { story, parties: { author: ada, responder: bob }, says: (by, as) => says(by, agree, other(as)) };
	};
export const paying = (): Situation => ({
	...agreed((by, agree) => by.says("board:pay", { amount: 5 }, agree))(),
	first: (by) => minted(by, 500),
});
const BUILT = "What was built.";
/** And how one of them says that it went. */
export const closed = (says: (by: Agent, close: string) => Saying) => (): Situation => {
	const story = new Board();
	const { agree } = story.agreed(ada, bob);
	const receipts = [{ kind: "hash", value: `sha256:${sha256Hex(utf8(BUILT))}` }];
	const close = story.said(closes(ada, agree, { receipts }));
	return { story, parties: { closer: ada, other: bob }, says: (by) => says(by, close) };
};
export const reveals = (by: Agent, close: string) =>
	by.says("board:reveal", { index: 0, content: BUILT }, close);
export const notes = (by: Agent, agree: string, other: Agent) =>
	by.says(
		"board:note",
		{
			to: other.key,
			sealed: [{ for: other.key, enc: `${"A".repeat(43)}=`, ciphertext: `${"A".repeat(22)}==` }],
		},
		agree,
	);

// ---- Before the house

const verdict = (by: Agent, on: string) =>
	by.says("operator:verdict", { verdict: "accepted", reason: REASON }, on);
export const contested = (operation: "operator:verdict" | "operator:claim") => (): Situation => {
	const story = new Board();
	const { agree } = story.agreed(ada, bob);
	const contest = story.said(contests(bob, story.said(closes(ada, agree))));
	const says = (by: Agent) =>
		operation === "operator:verdict" ? verdict(by, contest) : by.says(operation, {}, contest);
	return { story, parties: { closer: ada, other: bob }, says };
};
export const flagged = (): Situation => {
	const story = new Board();
	const flag = story.said(cy.says("board:flag", { reason: "spam" }, story.post(ada, "need")));
	return { story, parties: { author: ada, flagger: cy }, says: (by) => verdict(by, flag) };
};
const visibility: JsonObject = { scope: "listing", at_fault: true, reason: REASON };
export const hides = (by: Agent, post: string) => by.says("operator:hide", visibility, post);
export const hidden = (says: (by: Agent, of: { post: string; hide: string }) => Saying) => (): Situation => {
	const story = new Board();
	const post = story.post(ada, "need");
	const hide = story.said(hides(operator, post));
	return { story, parties: { author: ada }, says: (by) => says(by, { post, hide }) };
};
export const restores = (by: Agent, { post }: { post: string }) =>
	by.says("operator:restore", { ...visibility, at_fault: false }, post);
const appeals = (by: Agent, { hide }: { hide: string }) =>
	by.says("board:appeal", { text: "Look again." }, hide);
export const appealing = hidden(appeals);
export const appealed = (): Situation => {
	const story = new Board();
	const hide = story.said(hides(operator, story.post(ada, "need")));
	const appeal = story.said(appeals(ada, { hide }));
	return { story, parties: { appellant: ada }, says: (by) => verdict(by, appeal) };
};
/** Somebody else's role, or suspension. */
export const ofSomebody =
	(operation: string, payload: JsonObject = {}, ...before: Saying[]) =>
	(): Situation => ({
		story: new Market().given(...before),
		parties: {},
		says: (by) => by.says(operation, { subject: mo.key, reason: REASON, ...payload }),
	});
export const suspends = operator.says("operator:suspend", { subject: mo.key, reason: REASON });
export const vouches = operator.says("operator:grant", { subject: mo.key, role: "vouched", reason: REASON });
export const burning = (): Situation => ({
	story: new Market(),
	parties: {},
	says: (by) => by.says("scrip:burn", { amount: 5, reason: REASON }),
});
export const seconding = (): Situation => {
	const story = new Market().given(
		operator.says("operator:grant", { subject: mo.key, role: "operator", reason: REASON }),
	);
	const weighty = { recipient: ada.key, amount: 60_000, reference: "a payment" };
	const mint = story.said(mo.says("scrip:mint", weighty));
	return {
		story,
		parties: { first: mo },
		says: (by) => by.says("operator:second", { reason: REASON }, mint),
	};
};

// ---- The exchange

export const putting = (): Situation => {
	const story = new Market();
	return { story, parties: {}, says: (by) => by.says("exchange:put", goods("something")) };
};
export const buying = (): Situation => ({
	story: new Market(),
	parties: {},
	says: (by) => wants(by, { budget: 100 }),
	first: (by) => minted(by, 500),
});
export const put = (says: (by: Agent, put: string, market: Market) => Saying) => (): Situation => {
	const story = new Market();
	const put = story.put(ada, goods("something"));
	return { story, parties: { seller: ada }, says: (by) => says(by, put, story) };
};

const shop = (tokens: number) => {
	const story = new Market().given(minted(bob, 5_000));
	const entry = story.stocked(ada, 90, { tokens });
	return { story, entry, parties: { seller: ada, buyer: bob } };
};
/** Offered by a match. */
export const offered =
	(phase: string, tokens = 100) =>
	(): Situation => {
		const { story, entry, parties } = shop(tokens);
		const match = story.quoted(bob, entry);
		const on = phase === "buyer-accept" ? considered(story, bob, entry, match) : match;
		return { story, parties, says: (by) => settles(by, phase, entry, on) };
	};
/** Bought and delivered. */
export const delivered =
	(phase: string, more: JsonObject = {}) =>
	(): Situation => {
		const { story, entry, parties } = shop(100);
		const { deliver } = bought(story, bob, entry);
		return { story, parties, says: (by) => settles(by, phase, entry, deliver, more) };
	};
/** And disputed. */
export const disputed = (phase: "evidence" | "verdict") => (): Situation => {
	const { story, entry, parties } = shop(100);
	const dispute = story.said(disputes(bought(story, bob, entry)));
	const says = (by: Agent) =>
		phase === "verdict"
			? rules(entry, dispute, "accepted", by)
			: settles(by, phase, entry, dispute, { reason: REASON });
	return { story, parties, says };
};

// ---- What the exchange alone says

/** After all that it says of its own accord; `operation` is what is said once more, word for word. */
export const said = (operation: string) => (): Situation => {
	const story = operation.startsWith("board:") ? closedWeek() : sold();
	const act = story.acts.findLast((one) => one.operation === operation);
	if (!act) throw new Error(`the exchange said no ${operation}`);
	// Another message than that one.
	story.now++;
	const says = (by: Agent): Saying => ({
		...by.says(operation, act.payload as JsonObject, ...act.antecedents),
		exactTags: act.tags,
	});
	const parties: Situation["parties"] = operation.startsWith("board:")
		? { author: ada, responder: bob }
		: { seller: ada, buyer: bob };
	return { story, parties, says };
};
function sold(): Market {
	const { story, entry } = shop(600);
	story.given(completes(bought(story, bob, entry)));
	const other = story.stocked(cy, 40, { tokens: 100 });
	bought(story, bob, other);
	story.later(4 * DAY);
	const third = story.stocked(cy, 30, { tokens: 120 });
	story.given(disputesSmall(bought(story, bob, third)));
	return story;
}
function closedWeek(): Board {
	const story = new Board();
	story.agreed(ada, bob);
	story.later(30 * DAY);
	story.digested();
	return story;
}
export const matching = (): Situation => {
	const { story, entry, parties } = shop(100);
	const buy = story.buy(bob);
	story.answered(buy, [entry]);
	return { story, parties, says: (by) => by.says("exchange:match", { results: [] }, buy) };
};
export const clearing = (): Situation => {
	const { story, entry, parties } = shop(100);
	const says = (by: Agent) => by.says("exchange:clear", { entry_id: entry, gate: "disputes" }, entry);
	return { story, parties, says };
};

export { closes, confirms, contests, DAY, operator, responds, settles };
