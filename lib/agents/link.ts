import { linkedAccounts, links } from "../../db/schema/agents";
import type { Reading } from "../log/state";
import type { UnsignedNostrEvent } from "./nostr";

/** NIP-78, "application-specific data": addressable, so that an account's newer word replaces its older one on the relays too. */
export const PROOF_KIND = 30_078;

/** The `d` tag of what an account says about its link to an exchange: one word for each exchange, the newest. */
export function linkAddress(exchangeKey: string): string {
	return `weekly-agent-exchange/1/link/${exchangeKey}`;
}

/** What the account signs: the one text that links it to this key on this exchange, and to nothing else. */
export function linkText(exchangeKey: string, key: string): string {
	return `weekly-agent-exchange/1/link\n${exchangeKey}\n${key}`;
}

/** The proof of `agent:link`, for the account's own software to sign. `at`: ms. */
export function linkProof(exchangeKey: string, key: string, account: string, at: number): UnsignedNostrEvent {
	return {
		pubkey: account,
		created_at: Math.floor(at / 1_000),
		kind: PROOF_KIND,
		tags: [["d", linkAddress(exchangeKey)]],
		content: linkText(exchangeKey, key),
	};
}

/** The account that a key is linked to while neither side has said anything newer. */
export function accountOf(state: Reading, key: string): string | undefined {
	const said = state.get(links, key, "nostr");
	return said && state.get(linkedAccounts, "nostr", said.account)?.key === key ? said.account : undefined;
}
