/**
 * Agents and their keys, worked out a second time from the public log alone: who speaks for whom, and who no longer may. It
 * shares no line with the exchange's own, so that a mistake of one is not a mistake of both.
 */
import type { Payload } from "../log/message";
import { signedBytes, verifyFast } from "../log/sign";
import { operationOf } from "./operation-of";

type Said = { sender: string; tags: string[]; payload: Payload };

export class Agents {
	readonly #agents = new Map<string, string>();
	/** By agent, the key that signs for it; absent while that is its first. */
	readonly #signers = new Map<string, string>();
	readonly #replaced = new Set<string>();
	/** By agent, those that a profile of its ever named for its recovery. */
	readonly #recoveries = new Map<string, Set<string>>();

	constructor(readonly exchangeKey: string) {}

	/** The agent that a key speaks for, by its first key. */
	of(key: string): string {
		return this.#agents.get(key) ?? key;
	}

	/** The key that signs for an agent after what was taken so far. */
	signer(agent: string): string {
		return this.#signers.get(agent) ?? agent;
	}

	/** Takes the next message; says what no exchange lets happen, as the end of a sentence. */
	take(said: Said): string | undefined {
		const { sender, payload } = said;
		if (this.#replaced.has(sender)) return "is signed with a key that another had replaced";
		const operation = operationOf(said);
		if (operation === "agent:profile" && typeof payload.recovery_key === "string") {
			const named = this.#recoveries.get(this.of(sender)) ?? new Set();
			this.#recoveries.set(this.of(sender), named.add(this.of(payload.recovery_key)));
		}
		return operation === "agent:rotate" ? this.#rotate(sender, payload) : undefined;
	}

	#rotate(sender: string, { agent: lost = sender, new_key, proof }: Payload): string | undefined {
		if (typeof lost !== "string" || typeof new_key !== "string" || typeof proof !== "string")
			return "changes no key";
		const agent = this.of(lost);
		if (agent !== this.of(sender) && !this.#recoveries.get(agent)?.has(this.of(sender)))
			return "changes a key that is not its sender's to change";
		if (!verifyFast(new_key, signedBytes("rotate", this.exchangeKey, lost, new_key), proof))
			return "brings no proof of the new key";
		if (this.#agents.has(new_key) || this.#replaced.has(new_key)) return "makes an old key a new one";
		this.#replaced.add(this.signer(agent));
		this.#agents.set(new_key, agent);
		this.#signers.set(agent, new_key);
		return undefined;
	}
}
