import { CONSTRAINTS, type Fields, RESOURCES } from "../fields";
import { spelledZone } from "../zone";
import { readBudget } from "./budget";
import { isHint } from "./labels";
import { readConstraints, readResources } from "./list";
import { readPlace } from "./place";
import { quoted, textOf } from "./quote";
import { scan } from "./scan";

/**
 * Fields as the seed's template, one line each, in its order; a title stands second and a scope last, where there are any.
 * A value is written as it is when the reader reads it back so, else in quotes: that makes it lossless whatever it holds.
 */
export function write(fields: Fields): string {
	const { kind, title, region, tz, window, budget, resources, constraints, scope } = fields;
	const lines = [
		`OFFER or NEED: ${kind.toUpperCase()}`,
		...(title === undefined ? [] : [text("TITLE", title)]),
		either(
			"REGION / TZ",
			region,
			(said) => `${said} / ${zone(tz)}`,
			(value) => readPlace(value).region === region,
		),
		`WINDOW: ${short(window.start)} - ${short(window.end)}`,
		either(
			"BUDGET",
			budget.unit,
			(unit) => `${budget.cap} ${unit}`,
			(value) => {
				const read = readBudget(value);
				return read.cap === budget.cap && read.unit === budget.unit && !read.unread && !read.assumed;
			},
		),
		`RESOURCES: ${list(RESOURCES, resources, (value) => readResources(value).items)}`,
		`CONSTRAINTS: ${list(CONSTRAINTS, constraints, (value) => readConstraints(value).items) || "none"}`,
		...(fields.success_condition === undefined ? [] : [text("SUCCESS CONDITION", fields.success_condition)]),
		text("CONTACT", fields.contact),
		...(scope === undefined ? [] : [`SCOPE: ${scope}`]),
	];
	return `${lines.join("\n")}\n`;
}

/** Seconds are said where there are any, parts of one never. */
const short = (local: string): string => local.replace(/\.\d+/, "").replace(/^(.{16}):00/, "$1");

/** A one-word name of the tables is marked as one: else `CET` is read as what people mean by it. */
const zone = (tz: string): string => (spelledZone(tz) === tz ? tz : `tz:${tz}`);

const text = (label: string, value: string): string =>
	either(
		label,
		value,
		(said) => said,
		(said) => textOf(said) === value,
	);

/** The line with the value bare, if it is one line with one label and is read back; else with the value in quotes. */
function either(
	label: string,
	value: string,
	line: (said: string) => string,
	readsBack: (value: string) => boolean,
): string {
	const bare = line(value);
	return alone(label, bare) && readsBack(bare) ? `${label}: ${bare}` : `${label}: ${line(quoted(value))}`;
}

/** Whether a line with this label keeps this value whole. */
function alone(label: string, value: string): boolean {
	const { parts, loose } = scan(`${label}: ${value}`);
	return parts.length === 1 && loose.length === 0 && parts[0]!.value === value && !isHint(value);
}

function list<K extends string>(
	names: readonly K[],
	items: Partial<Record<K, string>>,
	read: (value: string) => Partial<Record<K, string>>,
): string {
	const said = (name: K, value: string) => `${NAMES[name] ?? name}: ${value}`;
	return names
		.flatMap((name) => {
			const value = items[name];
			if (value === undefined) return [];
			const bare = said(name, value);
			const kept = read(bare);
			const plain = !value.includes('"') && kept[name] === value && Object.keys(kept).length === 1;
			return [plain && alone("RESOURCES", bare) ? bare : said(name, quoted(value))];
		})
		.join("; ");
}

const NAMES: Record<string, string> = { cpu: "CPU", gpu: "GPU", ram: "RAM" };
