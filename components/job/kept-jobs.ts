"use client";
import type { JobValues } from "@/lib/board/job";

/** Where the draft of a job written from this need is kept in this browser. */
export const jobName = (needId: string) => `job ${needId}`;
const PLACE = /^draft:job ([0-9a-f]{64})$/;

export interface KeptJob {
	need: string;
	/** The first line of its problem. */
	problem: string;
}

/** Drafts of jobs in this browser. */
export function keptJobs(): KeptJob[] {
	return Object.keys(localStorage).flatMap((place) => {
		const need = PLACE.exec(place)?.[1];
		if (need === undefined) return [];
		try {
			const { problem = "" } = JSON.parse(localStorage.getItem(place) ?? "{}") as JobValues;
			return [{ need, problem: problem.split("\n")[0]! }];
		} catch {
			return [];
		}
	});
}

export function dropJob(need: string): void {
	localStorage.removeItem(`draft:${jobName(need)}`);
}
