import type { ReactNode } from "react";
import { viewer } from "../session";
import { words } from "../viewing";
import { Agent } from "./agent";
import { Time } from "./time";

export interface Event {
	/** The message that says it. */
	id: string;
	seq: number;
	at: number | string;
	sender: string;
	/** What happened, in the words of the operation's caption. */
	says: ReactNode;
	/** What its sender wrote besides. */
	more?: ReactNode;
}

/** What was said about one thing, oldest first: a sentence each, with its time, who said it, and its message. */
export async function Timeline({
	events,
	then,
}: {
	events: readonly Event[];
	/** The page of what it is about, which also shows it as of each of these. */
	then?: string;
}) {
	const [who, t] = await Promise.all([viewer(), words("common")]);
	return (
		<ol className="border-line border-l">
			{events.map(({ id, seq, at, sender, says, more }) => (
				<li key={id} className="relative py-1.5 pl-4">
					<span
						aria-hidden="true"
						className="absolute top-3.5 -left-[3.5px] size-1.5 rounded-full bg-edge ring-2 ring-paper"
					/>
					<p className="first-letter:uppercase">{says}</p>
					<p className="flex flex-wrap gap-x-2 text-quiet text-sm">
						<Time at={at} />
						{sender === who?.key ? <span>{t("you")}</span> : <Agent of={sender} />}
						<a href={`/messages/${id}`} className="inline-block leading-6">
							#{seq}
						</a>
						{then !== undefined && (
							<a href={`${then}?as_of=${seq}`} rel="nofollow" className="inline-block leading-6">
								{t("asOf.then")}
							</a>
						)}
					</p>
					{more !== undefined && <div className="mt-1 text-sm">{more}</div>}
				</li>
			))}
		</ol>
	);
}
