import { Section } from "@/components/ui/layout";
import type { PostDetail } from "@/lib/board/read";
import { Claim } from "../../../show/claim";
import { HiddenBy } from "../../../show/hidden";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";
import { changes } from "./changes";

/** What a post said before it was revised: each revision by what it changed. */
export async function History({ post }: { post: PostDetail }) {
	const [t, common] = await Promise.all([words("post"), words("common")]);
	if (post.history.length < 2) return null;
	const by = common("claimAuthor");
	const said = (value: string | undefined) =>
		value === undefined ? <span className="text-quiet">–</span> : <Claim by={by}>{value}</Claim>;
	return (
		<Section id="history" title={t("history.title")}>
			<ol className="divide-y divide-line">
				{post.history.slice(1).map((one, at) => {
					const changed = changes(post.history[at]!.fields, one.fields);
					return (
						<li key={one.message_id} className="py-3">
							<p className="text-quiet text-sm">
								{t("history.revision", { number: at + 1 })} · <Time at={one.at} /> ·{" "}
								<a href={`/messages/${one.message_id}`}>#{one.seq}</a>
							</p>
							{one.hidden_by && Object.keys(one.fields).length === 0 ? (
								<HiddenBy of={one.hidden_by} />
							) : changed.length === 0 ? (
								<p>{t("history.nothing")}</p>
							) : (
								<table className="mt-1 w-full table-fixed text-left text-sm">
									<caption className="sr-only">{t("history.title")}</caption>
									<thead className="text-quiet">
										<tr>
											<th scope="col" className="w-1/5 pr-3 font-normal">
												{t("history.field")}
											</th>
											<th scope="col" className="pr-3 font-normal">
												{t("history.before")}
											</th>
											<th scope="col" className="font-normal">
												{t("history.after")}
											</th>
										</tr>
									</thead>
									<tbody className="divide-y divide-line border-line border-t align-top">
										{changed.map(({ field, before, after }) => (
											<tr key={field}>
												<th scope="row" className="break-words py-1 pr-3 font-normal">
													{t(`history.fields.${field}`)}
												</th>
												<td className="break-words py-1 pr-3">{said(before)}</td>
												<td className="break-words py-1">{said(after)}</td>
											</tr>
										))}
									</tbody>
								</table>
							)}
						</li>
					);
				})}
			</ol>
		</Section>
	);
}
