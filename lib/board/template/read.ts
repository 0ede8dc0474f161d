import { CONSTRAINTS, type Draft, RESOURCES } from "../fields";
import { isZone } from "../zone";
import { readBudget } from "./budget";
import { isAbsent } from "./clean";
import { type Code, type Finding, finding } from "./finding";
import { readKind, readScope } from "./kind";
import { isHint, type Label } from "./labels";
import { type Limits, type Linted, lint } from "./lint";
import { readConstraints, readResources } from "./list";
import { readPlace } from "./place";
import { literalOf, textOf } from "./quote";
import { type Loose, type Part, scan } from "./scan";
import { readWindow } from "./when";

export interface ReadBy extends Limits {
	/** The zone of who pastes, for a text that gives none; an API has none. */
	zone?: string;
	/** The posting week, `2026-W47`. */
	week: string;
}

export interface Read extends Linted {
	fields: Draft;
}

/** No post needs more, even with every character escaped. */
const LONGEST = 65_536;

/**
 * The template of seed 000 as people and agents write it, read into fields, with what is wrong and what could be better at
 * its line and field. What `write` made is read back exactly. Nothing is decided silently: what had to be assumed is a hint.
 */
export function read(text: string, by: ReadBy): Read {
	if (text.length > LONGEST) return { fields: {}, errors: [finding("text-too-long", "")], hints: [] };
	const { parts, loose } = scan(text);
	const reading = new Reading(parts, loose, by);
	if (!parts.some(({ label }) => label !== "offer" && label !== "need"))
		return { fields: reading.fields, errors: [finding("no-template", "")], hints: [] };
	return reading.judged();
}

class Reading {
	readonly fields: Draft = {};
	readonly #errors: Finding[] = [];
	readonly #hints: Finding[] = [];
	/** Field to the line it was read from. */
	readonly #lines = new Map<string, number>();
	/** Fields whose text cannot be read before another is right. */
	readonly #unread = new Set<string>();
	#loose: Loose[];

	constructor(
		readonly parts: readonly Part[],
		loose: readonly Loose[],
		readonly by: ReadBy,
	) {
		this.#loose = [...loose];
		this.#kind();
		this.#place();
		this.#window();
		this.#budget();
		this.#lists();
		this.#texts();
		this.#heading();
	}

	/** With what the linter says of the fields, except where the reading has said already why there is none. */
	judged(): Read {
		const { errors, hints } = lint(this.fields, this.by);
		const said = new Set([...this.#errors.map(({ field }) => field.split("/")[1]), ...this.#unread]);
		const atLine = (one: Finding): Finding => {
			const line = this.#lines.get(one.field) ?? this.#lines.get(`/${one.field.split("/")[1]}`);
			return line === undefined ? one : { ...one, line };
		};
		const words = this.#loose.filter(({ text }) => !SERIES.test(text));
		if (words[0]) {
			const { text, line } = words[0];
			this.#hints.push(finding("unread", "", { words: text.slice(0, 60) }, line));
		}
		return {
			fields: this.fields,
			errors: [...this.#errors, ...errors.filter(({ field }) => !said.has(field.split("/")[1])).map(atLine)],
			hints: [...this.#hints, ...hints.map(atLine)],
		};
	}

	#error(code: Code, field: string, line: number | undefined, values = {}): void {
		this.#errors.push(finding(code, field, values, line));
	}
	#hint(code: Code, field: string, line: number | undefined, values = {}): void {
		this.#hints.push(finding(code, field, values, line));
	}

	/** The part with a value under one of the labels, the first; another with another value is one too many. */
	#part(field: string, ...labels: Label[]): Part | undefined {
		const labelled = this.parts.filter(({ label }) => labels.includes(label));
		const said = labelled.filter(({ value }) => value && !isHint(value));
		const first = said[0];
		if (!first) {
			if (labelled[0]) this.#lines.set(field, labelled[0].line);
			return undefined;
		}
		const other = said.find(({ label, value }) => label === first.label && value !== first.value);
		if (other)
			this.#error("twice", field, other.line, { name: LINE_NAMES[first.label] ?? first.label.toUpperCase() });
		this.#lines.set(field, first.line);
		return first;
	}

	/** From its own line; from a line that begins with OFFER or NEED, whose rest is the title; from a heading that says it. */
	#kind(): void {
		const part = this.#part("/kind", "kind");
		const kind = part && readKind(part.value);
		if (kind) this.fields.kind = kind;
		const named = this.parts.filter(
			({ label, value }) => (label === "offer" || label === "need") && !isRefused(value),
		);
		// Of `OFFER:` and `NEED: 8 cores` the one with words beside it is meant.
		const [one] = named.filter(({ value }) => value).concat(named);
		if (one && !kind) {
			if (named.some(({ label, value }) => label !== one.label && (value || !one.value))) {
				this.#error("kind-unclear", "/kind", one.line);
				return;
			}
			this.fields.kind = one.label as "offer" | "need";
			this.#lines.set("/kind", one.line);
			if (one.value && !/^(?:yes|y|x|true|✓)$/i.test(one.value)) this.#title(one.value, one.line);
			return;
		}
		if (part && !kind) this.#error("kind-unclear", "/kind", part.line);
		if (part) return;
		const saying = this.#loose.find(({ text }) => /^[[(*_`]*(?:NEED|OFFER)(?:ING|ED|S)?\b/.test(text));
		const said = saying && readKind(saying.text.slice(0, 40));
		if (!said) return;
		this.fields.kind = said;
		this.#lines.set("/kind", saying.line);
		this.#loose = this.#loose.filter((one) => one !== saying);
		const title = saying.text.replace(/^[[(*_`]*\w+[\])*_`]*[ :,–—-]*/, "");
		if (title) this.#title(title, saying.line);
	}

	#title(value: string, line: number): void {
		const title = textOf(value);
		if (title === undefined || this.fields.title !== undefined) return;
		this.fields.title = title;
		this.#lines.set("/title", line);
	}

	#place(): void {
		const part = this.#part("/region", "place");
		const region = this.#part("/region", "region") ?? part;
		const tz = this.#part("/tz", "tz") ?? part;
		if (tz && !this.#lines.has("/tz")) this.#lines.set("/tz", tz.line);
		const read = tz && readPlace(tz.label === "tz" ? (literalOf(tz.value) ?? tz.value) : tz.value);
		const own = region === tz ? read : region && readPlace(region.value);
		const zone = read?.tz ? read : own;

		if (own?.region !== undefined) this.fields.region = region !== tz ? textOf(region!.value)! : own.region;
		if (zone?.tz) {
			this.fields.tz = zone.tz;
			if (zone.guessed)
				this.#hint("zone-guessed", "/tz", tz?.line, { tz: zone.tz, value: tz!.value.slice(0, 40) });
		} else if (read?.ambiguous) this.#error("zone-ambiguous", "/tz", tz?.line, { value: read.ambiguous });
		else if (read?.unknown ?? (region !== tz && read?.region))
			this.#error("zone-unknown", "/tz", tz!.line, { value: (read!.unknown ?? read!.region!).slice(0, 40) });
		else if (this.by.zone && isZone(this.by.zone)) {
			this.fields.tz = this.by.zone;
			this.#hint("zone-assumed", "/tz", part?.line);
		}
		if (this.fields.region === undefined && zone?.tz?.includes("/")) {
			this.fields.region = zone.tz.split("/")[0]!;
			this.#hint("region-from-zone", "/region", tz?.line);
		}
	}

	#window(): void {
		const part = this.#part("/window", "window");
		const [start, end] = [this.#part("/window/start", "start"), this.#part("/window/end", "end")];
		const value = part?.value ?? (start || end ? `${start?.value ?? ""} - ${end?.value ?? ""}` : "");
		const line = part?.line ?? start?.line ?? end?.line;
		if (line !== undefined) this.#lines.set("/window", line);
		if (!value || isAbsent(value)) return;
		const inZone = (zone: string) =>
			readWindow(literalOf(value) ?? value, { zone, week: this.by.week, now: this.by.now });
		const when = inZone(this.fields.tz ?? "UTC");
		// Without a zone only times that carry their offsets say when they are. That the zone is missing is said there.
		if (!this.fields.tz && JSON.stringify(when) !== JSON.stringify(inZone("UTC+01:00"))) {
			this.#unread.add("window");
			return;
		}
		if ("window" in when) {
			this.fields.window = when.window;
			for (const note of when.notes)
				this.#hint(note === "zone-abbreviation" ? "zone-guessed" : note, "/window", line, {
					value: value.slice(0, 40),
					tz: when.window.start.slice(19),
				});
			return;
		}
		const { code, ...said } = when.fault;
		const values = { ...said, ...("choices" in said && { choices: said.choices.join(" or ") }) };
		this.#error(code, "end" in said ? `/window/${said.end}` : "/window", line, values);
	}

	#budget(): void {
		const part = this.#part("/budget", "budget");
		const [cap, unit] = [this.#part("/budget/cap", "cap"), this.#part("/budget/unit", "unit")];
		const value =
			part?.value ||
			[cap, unit]
				.map((one) => one && textOf(one.value))
				.filter(Boolean)
				.join(" ");
		if (!value) return;
		const line = part?.line ?? cap?.line ?? unit?.line;
		this.#lines.set("/budget", line!);
		const budget = readBudget(value);
		if (budget.unbounded) {
			this.#error("budget-unbounded", "/budget", line);
			return;
		}
		const said = { ...(budget.cap !== undefined && { cap: budget.cap }) };
		const counted = budget.unit ?? (unit && textOf(unit.value));
		this.fields.budget = { ...said, ...(counted !== undefined && { unit: counted }) };
		if (budget.assumed) this.#hint(`budget-${budget.assumed}`, "/budget", line);
		if (budget.unread) this.#hint("unread", "/budget", line, { words: budget.unread.slice(0, 60) });
	}

	#lists(): void {
		this.fields.resources = this.#list("/resources", "resources", RESOURCES, readResources);
		this.fields.constraints = this.#list("/constraints", "constraints", CONSTRAINTS, readConstraints);
	}

	/** A list from its own line and from lines that its items have of their own. */
	#list<K extends Label>(
		field: string,
		label: Label,
		names: readonly K[],
		readList: (value: string) => { items: Partial<Record<K, string>>; placed: K[] },
	): Partial<Record<K, string>> {
		const items: Partial<Record<K, string>> = {};
		const add = (name: K, text: string, line: number) => {
			items[name] = items[name] === undefined ? text : `${items[name]}, ${text}`;
			if (!this.#lines.has(`${field}/${name}`)) this.#lines.set(`${field}/${name}`, line);
		};
		for (const { label: said, value, line } of this.parts) {
			if (said === label) {
				if (!this.#lines.has(field)) this.#lines.set(field, line);
				const list = readList(value);
				for (const name of names) if (list.items[name] !== undefined) add(name, list.items[name], line);
				for (const name of new Set(list.placed))
					this.#hint("placed", `${field}/${name}`, line, { words: list.items[name]!.slice(0, 60), name });
			} else if (names.includes(said as K)) {
				const text = isHint(value) ? undefined : textOf(value);
				if (text !== undefined) add(said as K, text, line);
			}
		}
		return items;
	}

	#texts(): void {
		const success = this.#part("/success_condition", "success");
		const done = success && textOf(success.value);
		if (done !== undefined) this.fields.success_condition = done;
		const contact = this.#part("/contact", "contact");
		const reached = contact && textOf(contact.value);
		if (reached !== undefined) this.fields.contact = reached;
		const title = this.#part("/title", "title");
		const named = title && textOf(title.value);
		if (named !== undefined) this.fields.title = named;
		const scope = this.#part("/scope", "scope");
		if (!scope || isAbsent(scope.value)) return;
		const read = readScope(scope.value);
		if (read) this.fields.scope = read;
		else this.#error("scope-unknown", "/scope", scope.line, { value: scope.value.slice(0, 40) });
	}

	/** A heading above the template is the post's title, unless it names the thread. */
	#heading(): void {
		const first = this.parts[0]?.line ?? 0;
		const heading = this.#loose.find((one) => one.heading && one.line < first && !SERIES.test(one.text));
		if (!heading || this.fields.title !== undefined) return;
		this.#title(heading.text.replace(/^[*_`]+|(?<![*_`])[*_`]+$/g, ""), heading.line);
		this.#loose = this.#loose.filter((one) => one !== heading);
	}
}

/** What the seed calls such threads. */
const SERIES = /^[*_`]*(?:weekly agent exchange|agent mutual aid(?: thread)?|compute \+ help exchange)\b/i;

const isRefused = (value: string): boolean => value !== "" && isAbsent(value);

const LINE_NAMES: Partial<Record<Label, string>> = {
	kind: "OFFER or NEED",
	place: "REGION / TZ",
	success: "SUCCESS CONDITION",
};
