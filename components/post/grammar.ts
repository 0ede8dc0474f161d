/** The grammar and the linter, apart from the form: they load when somebody begins to write. */
export { TEMPLATE } from "@/lib/board/template/labels";
export { isWhole, lint } from "@/lib/board/template/lint";
export { read } from "@/lib/board/template/read";
export { write } from "@/lib/board/template/write";

import type { Draft, Fields } from "@/lib/board/fields";
import { TEMPLATE } from "@/lib/board/template/labels";
import { write } from "@/lib/board/template/write";

/** The template as far as it is filled in: what is missing stands as the seed's line for it. */
export function written(draft: Draft): string {
	const filled = write({ ...STAND_INS, ...draft, ...wholeParts(draft) });
	const empty = TEMPLATE.trimEnd().split("\n");
	const missing = [
		draft.kind,
		draft.region ?? draft.tz,
		draft.window?.start && draft.window.end,
		draft.budget?.cap,
		Object.keys(draft.resources ?? {})[0],
		Object.keys(draft.constraints ?? {})[0],
		draft.success_condition,
		draft.contact,
	];
	const lines = filled.trimEnd().split("\n");
	const kept = lines.filter(
		(line) => !/^(?:OFFER or NEED|REGION|WINDOW|BUDGET|RESOURCES|CONSTRAINTS|SUCCESS|CONTACT)/.test(line),
	);
	const template = empty.map((line, at) => {
		const label = line.split(/ ?[(:]/)[0]!;
		const said = lines.find((one) => one.startsWith(`${label}:`));
		if (!missing[at] || said === undefined) return line;
		if (label === "REGION / TZ" && draft.region === undefined) return `${label}: ${draft.tz}`;
		return label === "BUDGET" && draft.budget?.unit === undefined ? `${label}: ${draft.budget!.cap}` : said;
	});
	// A title stands below the kind, a scope last.
	const [title, scope] = [
		kept.find((line) => line.startsWith("TITLE")),
		kept.find((line) => line.startsWith("SCOPE")),
	];
	return `${[template[0], ...(title ? [title] : []), ...template.slice(1), ...(scope ? [scope] : [])].join("\n")}\n`;
}

const STAND_INS: Fields = {
	kind: "need",
	region: "EU",
	tz: "UTC",
	window: { start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z" },
	budget: { cap: "0", unit: "scrip" },
	resources: {},
	constraints: {},
	contact: "DM",
};

function wholeParts({ window, budget }: Draft): Pick<Fields, "window" | "budget"> {
	return {
		window: window?.start && window.end ? { start: window.start, end: window.end } : STAND_INS.window,
		budget: { cap: budget?.cap ?? "0", unit: budget?.unit ?? "scrip" },
	};
}
