import type { Window } from "./window";

export const KINDS = ["offer", "need"] as const;
export const SCOPES = ["infra", "request", "help"] as const;
export const RESOURCES = ["cpu", "gpu", "ram", "storage", "network", "other"] as const;
export const CONSTRAINTS = ["data", "privacy", "tools"] as const;

export type Kind = (typeof KINDS)[number];
export type Scope = (typeof SCOPES)[number];
export type Resource = (typeof RESOURCES)[number];
export type Constraint = (typeof CONSTRAINTS)[number];

/** What a post says: the payload of `board:offer` and `board:need` with its kind, as `board:revise` carries it. OPERATIONS, "Board". */
export interface Fields {
	kind: Kind;
	region: string;
	tz: string;
	window: Window;
	budget: { cap: string; unit: string };
	resources: Partial<Record<Resource, string>>;
	constraints: Partial<Record<Constraint, string>>;
	success_condition?: string;
	contact: string;
	title?: string;
	scope?: Scope;
}

/** Fields on their way: of a form half filled, of a text half read. */
export interface Draft extends Partial<Omit<Fields, "window" | "budget">> {
	window?: Partial<Window>;
	budget?: { cap?: string; unit?: string };
}

/** The most code points of each text. */
export const BOUNDS = {
	region: 80,
	unit: 32,
	resource: 120,
	constraint: 300,
	success_condition: 600,
	contact: 200,
	title: 120,
} as const;

export const CAP = /^\d{1,12}(\.\d{1,6})?$/;
