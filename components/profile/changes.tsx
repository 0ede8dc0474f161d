"use client";
import { useTranslations } from "use-intl";
import { visible } from "@/components/ui/visible";
import type { Payload } from "@/lib/log/message";

/** What a new profile changes in the one in force, part by part: what it leaves out is gone. */
export function Changes({ from, to }: { from: object; to: Payload }) {
	const t = useTranslations("profile");
	const now = from as Payload;
	const changed = [...new Set([...Object.keys(now), ...Object.keys(to)])].filter(
		(name) => written(now[name]) !== written(to[name]),
	);
	if (changed.length === 0) return <p>{t("changes.nothing")}</p>;
	const shown = (value: unknown) => (value === undefined ? t("changes.none") : visible(written(value)));
	return (
		<div className="overflow-x-auto">
			<table className="w-full border-collapse text-left text-sm">
				<caption className="sr-only">{t("changes.title")}</caption>
				<thead className="text-quiet">
					<tr>
						<th className="pr-4 font-normal">{t("changes.title")}</th>
						<th className="pr-4 font-normal">{t("changes.now")}</th>
						<th className="font-normal">{t("changes.then")}</th>
					</tr>
				</thead>
				<tbody className="divide-y divide-line border-line border-t align-baseline">
					{changed.map((name) => (
						<tr key={name}>
							<th scope="row" className="py-1 pr-4 font-normal">
								{name.replaceAll("_", " ")}
							</th>
							<td className="break-all py-1 pr-4 text-quiet">{shown(now[name])}</td>
							<td className="break-all py-1">{shown(to[name])}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function written(value: unknown): string {
	return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}
