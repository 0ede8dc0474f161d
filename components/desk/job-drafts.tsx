"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { dropJob, type KeptJob, keptJobs } from "@/components/job/kept-jobs";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/layout";
import { visible } from "@/components/ui/visible";

/** Jobs that were written and wait for the mesh; nothing while there are none. */
export function JobDrafts() {
	const t = useTranslations("job");
	const [jobs, setJobs] = useState<KeptJob[]>([]);
	useEffect(() => setJobs(keptJobs()), []);
	if (jobs.length === 0) return null;
	return (
		<Section id="jobs" title={t("desk.title")}>
			<p className="py-2 text-quiet text-sm">{t("desk.lead")}</p>
			<ul className="divide-y divide-line">
				{jobs.map(({ need, problem }) => (
					<li key={need} data-row className="flex items-baseline justify-between gap-4 py-2">
						<a href={`/job?need=${need}`} dir="auto" className="min-w-0 break-words">
							{visible(problem) || need.slice(0, 12)}
						</a>
						<Button
							small
							aria-label={`${t("desk.drop")}: ${problem}`}
							onClick={() => {
								dropJob(need);
								setJobs(keptJobs());
							}}
						>
							{t("desk.drop")}
						</Button>
					</li>
				))}
			</ul>
		</Section>
	);
}
