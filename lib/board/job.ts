import { CONSTRAINTS, type Fields, RESOURCES } from "./fields";
import { headlineOf } from "./said";

/** OPERATIONS, `mesh:work-ask-header`: what a job may be, and what a facet of it. */
export const TASK_TYPES = ["docs-lookup", "issue-summary", "version-diff", "evidence", "discovery"] as const;
export const FACETS = ["discovery", "validation", "synthesis"] as const;
export type Facet = (typeof FACETS)[number];
type TaskType = (typeof TASK_TYPES)[number];

/** What each class of facet is done with, and its part of the reward in per cent. */
const PLAN: Record<Facet, { tools: readonly string[]; percent: number }> = {
	discovery: { tools: ["search", "fetch", "read", "write-result"], percent: 40 },
	validation: { tools: ["fetch", "diff", "read", "write-result"], percent: 30 },
	synthesis: { tools: ["read", "write-result"], percent: 30 },
};

/** A job as a person writes it: texts and numbers as they are typed, lists with commas. */
export const JOB_FIELDS = [
	"problem",
	"task_type",
	"host_family",
	"version_band",
	"symptom_tags",
	"constraint_tags",
	"min_items",
	"evidence_types",
	"max_seconds",
	"max_items",
	"deadline_at",
	"reward_lock",
	"discovery",
	"validation",
	"synthesis",
	"result_visibility",
	"resale",
	"min_isolation",
] as const;
export type JobField = (typeof JOB_FIELDS)[number];
export type JobValues = Partial<Record<JobField, string>>;

type Need = Pick<Fields, "resources" | "constraints" | "budget"> & {
	title?: string | null;
	success_condition?: string | null;
	window_ends_at: string;
};

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Tags of a header are public, short, and at most so many. */
const [TAGS, TAG_CHARS] = [12, 40];
/** A header takes a deadline of so far ahead. */
const [SOONEST, LATEST] = [5 * MINUTE, 14 * DAY];

/**
 * A need as an exploration job (seed 001): one problem, its evidence, its search budget, its deadline. What the need says is
 * filled in; host and version, which it does not say, are left to its author. RULES, "Stranded".
 */
export function jobOf(need: Need, now: number): JobValues {
	const { title, success_condition, resources, constraints, budget } = need;
	const ends = Date.parse(need.window_ends_at);
	const deadline = Math.min(ends - now >= HOUR ? ends : now + 3 * DAY, now + LATEST - HOUR);
	const reward = /^scrip$/i.test(budget.unit.trim()) ? Math.floor(Number(budget.cap)) : 0;
	const problem = [
		headlineOf({ title, resources }),
		...(title
			? RESOURCES.flatMap((one) =>
					resources[one] ? (one === "other" ? resources[one] : `${one}: ${resources[one]}`) : [],
				)
			: []),
		...(success_condition ? [`Done when: ${success_condition}`] : []),
	];
	return {
		problem: problem.join("\n"),
		task_type: taskType(problem.join(" ")),
		symptom_tags: tags(title ?? headlineOf({ resources })).join(", "),
		constraint_tags: CONSTRAINTS.flatMap((one) => constraints[one]?.slice(0, TAG_CHARS) ?? [])
			.map((one) => one.replaceAll(",", " "))
			.join(", "),
		min_items: "3",
		evidence_types: "link, quote",
		max_seconds: "900",
		max_items: "40",
		deadline_at: `${new Date(deadline).toISOString().slice(0, 16)}Z`,
		...(reward > 0 && { reward_lock: `${reward}`, ...shares(reward) }),
		result_visibility: "public",
		resale: "demander",
		min_isolation: "process",
	};
}

/** By the words that name one; an open search is what is left. */
function taskType(text: string): TaskType {
	if (/\b(?:changelog|release notes|version|upgrade|migrat)/i.test(text)) return "version-diff";
	if (/\b(?:issues?|discussions?|threads?|tickets?)\b/i.test(text)) return "issue-summary";
	if (/\b(?:docs?|documentation|manual|reference)\b/i.test(text)) return "docs-lookup";
	if (/\b(?:evidence|sources?|citations?|proof)\b/i.test(text)) return "evidence";
	return "discovery";
}

const SAY_NOTHING = new Set(
	"and any are can for from has have how into its may need needs our out should some that the their them then there this was what when where which who why will with would you your".split(
		" ",
	),
);

/** The words of a headline that say what it is about. */
function tags(text: string): string[] {
	const said = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}+#.-]*/gu) ?? [];
	return [...new Set(said.map((word) => word.replace(/(?<![.-])[.-]+$/, "").slice(0, TAG_CHARS)))]
		.filter((word) => word.length > 2 && !SAY_NOTHING.has(word))
		.slice(0, 6);
}

/** Of a reward for each facet: whole scrip, together the reward. */
export function shares(reward: number): Record<Facet, string> {
	const [discovery, validation] = FACETS.map((facet) => Math.floor((reward * PLAN[facet].percent) / 100));
	return {
		discovery: `${discovery}`,
		validation: `${validation}`,
		synthesis: `${reward - discovery! - validation!}`,
	};
}

/**
 * What a draft would say to the mesh, as far as it is filled in, and what it lacks. `fingerprint_cid` is made of the problem when
 * it is sealed, so no draft has it.
 */
export function jobSaid(values: JobValues, needId: string, now: number) {
	const text = (field: JobField) => values[field]?.trim() ?? "";
	const list = (field: JobField) =>
		text(field)
			.split(",")
			.map((one) => one.trim())
			.filter((one) => one !== "");
	const whole = (field: JobField) => (/^\d{1,8}$/.test(text(field)) ? Number(text(field)) : undefined);
	const deadline = Date.parse(text("deadline_at"));
	const facets = FACETS.flatMap((facet) => {
		const cap = whole(facet);
		if (!cap) return [];
		return [{ facet_id: `${facet}-1`, class: facet, reward_cap: cap, tool_scope: PLAN[facet].tools }];
	});
	const reward = whole("reward_lock");
	const within = (field: JobField, least: number, most: number) => {
		const value = whole(field);
		return value !== undefined && value >= least && value <= most;
	};
	const tagged = (field: JobField, least: number) => {
		const said = list(field);
		return said.length >= least && said.length <= TAGS && said.every((one) => one.length <= TAG_CHARS);
	};
	// RULES, "Size guard": every field of an exploration job, and bounds on how small and how large it may be.
	const right: Record<JobField, boolean> = {
		problem: text("problem") !== "",
		task_type: TASK_TYPES.some((type) => type === text("task_type")),
		host_family: text("host_family") !== "" && text("host_family").length <= 60,
		version_band: text("version_band") !== "" && text("version_band").length <= 40,
		symptom_tags: tagged("symptom_tags", 1),
		constraint_tags: tagged("constraint_tags", 0),
		min_items: within("min_items", 1, 50),
		evidence_types: tagged("evidence_types", 1) && list("evidence_types").length <= 8,
		max_seconds: within("max_seconds", 60, 3_600),
		max_items: within("max_items", 2, 200),
		deadline_at: deadline - now >= SOONEST && deadline - now <= LATEST,
		reward_lock: within("reward_lock", 1, 10_000_000),
		...facetsRight(),
		result_visibility: ["public", "sealed"].includes(text("result_visibility")),
		resale: ["solver", "demander", "none"].includes(text("resale")),
		min_isolation: ["process", "namespace"].includes(text("min_isolation")),
	};
	return {
		operation: "mesh:work-ask-header" as const,
		antecedents: [needId],
		payload: {
			job_id: `need-${needId.slice(0, 12)}`,
			task_type: text("task_type"),
			host_family: text("host_family"),
			version_band: text("version_band"),
			symptom_tags: list("symptom_tags"),
			constraint_tags: list("constraint_tags"),
			reward_lock: reward ?? null,
			deadline_at: Number.isNaN(deadline) ? null : new Date(deadline).toISOString(),
			privacy_tier: "P0" as const,
			local_accept_required: true as const,
			official_recheck_required: true as const,
			evidence_requirement: { min_items: whole("min_items") ?? null, types: list("evidence_types") },
			search_budget: {
				max_seconds: whole("max_seconds") ?? null,
				max_items: whole("max_items") ?? null,
			},
			facets,
			result_visibility: text("result_visibility"),
			resale: text("resale"),
			min_isolation: text("min_isolation"),
		},
		/** Told to the solver alone, sealed: what the job is. */
		problem: text("problem"),
		/** What is missing or out of bounds, by field. */
		lacks: JOB_FIELDS.filter((field) => !right[field]),
	};

	/** At least one, together no more than the reward. */
	function facetsRight(): Record<Facet, boolean> {
		const sum = facets.reduce((sum, { reward_cap }) => sum + reward_cap, 0);
		const fine = sum > 0 && sum <= (reward ?? 0);
		const said = (facet: Facet) => text(facet) === "" || whole(facet) !== undefined;
		return {
			discovery: fine && said("discovery"),
			validation: fine && said("validation"),
			synthesis: fine && said("synthesis"),
		};
	}
}
