import type { PgTable } from "drizzle-orm/pg-core";
import { agentKeys, contentSenders, duties, history, messages } from "../../db/schema/log";
import type { Act, Operation } from "./operation";
import type { Refusal } from "./refusal";
import { type Reading, shapeOf, type TableShape } from "./state";

/**
 * May this agent send as this kind of sender, at this instant (ms)? Asked under the head row, for the act's own state. A refusal
 * says why not, where that is more than not being of that kind.
 */
export type Sender = (state: Reading, key: string, at: number) => boolean | Refusal;

/** The registry: dispatch, schemas, OpenAPI, error catalogue, llms.txt and log captions all derive from it. */
export interface Registry {
	readonly operations: readonly Operation[];
	readonly senders: Readonly<Record<string, Sender>>;
	readonly shapes: readonly TableShape[];
	/** By name: `exchange:settle/put-accept`. */
	get(name: string): Operation | undefined;
	/** By tag and, where the tag has phases, the payload's phase. */
	find(tag: string, phase: unknown): Operation | undefined;
	/** The phases of a tag; empty when it has none. */
	phases(tag: string): string[];
}

export function registry(parts: {
	operations: readonly Operation[];
	senders: Record<string, Sender>;
	tables: readonly PgTable[];
	appendOnly?: readonly PgTable[];
	/** Tables whose past stays known: what a view of then reads, and what the changes of a message are told by. */
	kept?: readonly PgTable[];
}): Registry {
	const byName = new Map<string, Operation>();
	const phases = new Map<string, string[]>();
	for (const operation of parts.operations) {
		if (byName.has(operation.name)) throw new Error(`two operations are named ${operation.name}`);
		for (const name of operation.by)
			if (!parts.senders[name]) throw new Error(`${operation.name}: no sender ${name}`);
		byName.set(operation.name, operation);
		if (operation.phase) phases.set(operation.tag, [...(phases.get(operation.tag) ?? []), operation.phase]);
	}
	return {
		operations: parts.operations,
		senders: parts.senders,
		shapes: [
			...machineShapes,
			...parts.tables.map((table) =>
				shapeOf(table, {
					appendOnly: parts.appendOnly?.includes(table) ?? false,
					kept: parts.kept?.includes(table) ?? false,
				}),
			),
		],
		get: (name) => byName.get(name),
		find: (tag, phase) => byName.get(phases.has(tag) ? `${tag}/${String(phase)}` : tag),
		phases: (tag) => phases.get(tag) ?? [],
	};
}

/** The log as rules may look it up: who sent what, by id. Read from `messages` itself, written by the append. */
export const headers = shapeOf(messages, {
	key: ["id"],
	only: ["id", "seq", "operation", "sender", "antecedent", "receivedAt"],
	appendOnly: true,
});
/** No rule reads it, so no fold pays for its indexes. */
export const past = { ...shapeOf(history, { appendOnly: true }), indexes: [] };
const machineShapes = [headers, shapeOf(duties), shapeOf(contentSenders), shapeOf(agentKeys), past];

export type Header = Pick<Act, "id" | "seq" | "operation" | "sender" | "receivedAt"> & {
	antecedent: string | null;
};

export function headerOf(state: Reading, id: string): Header | undefined {
	return state.get(messages, id) as Header | undefined;
}
