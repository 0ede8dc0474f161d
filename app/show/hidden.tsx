import type { Hiding } from "@/lib/board/read";
import { words } from "../viewing";
import { Time } from "./time";

/** That a message is hidden, by which word, and until when; none of its own words. */
export async function HiddenBy({
	of,
	here = false,
}: {
	of: Hiding;
	/** What it says stands on the same page. */
	here?: boolean;
}) {
	const t = await words("moderation");
	const { scope, said_by, at_fault, until, message_id } = of;
	const link = (said: React.ReactNode) => <a href={`/messages/${said_by}`}>{said}</a>;
	return (
		<span className="text-quiet">
			{at_fault === null ? t.rich("hidden.flagged", { link }) : t.rich(`hidden.ruled.${scope}`, { link })}{" "}
			{until !== null && t.rich("hidden.until", { when: () => <Time at={until} /> })}{" "}
			{!here &&
				scope === "listing" &&
				t.rich("hidden.read", { link: (said) => <a href={`/messages/${message_id}`}>{said}</a> })}
		</span>
	);
}

/** That what was said here is hidden, and by which ruling. */
export async function HiddenWords({ by }: { by: string }) {
	const t = await words("moderation");
	return (
		<span className="text-quiet">
			{t.rich("hidden.timeline", { link: (said) => <a href={`/messages/${by}`}>{said}</a> })}
		</span>
	);
}
