import { Notice, PageHead } from "@/components/ui/layout";
import type { Moment } from "@/lib/doors/then-questions";
import type { Refusal } from "@/lib/log/refusal";
import { words } from "../viewing";
import { Time } from "./time";

/** Over a page that shows what was: since which message, and the way back to now. */
export async function AsOf({ moment: { id, seq, at }, now }: { moment: Moment; now: string }) {
	const t = await words("common");
	return (
		<div className="pt-5">
			<Notice role="status">
				<span className="text-ink">
					{t.rich("asOf.stood", {
						seq,
						when: () => <Time at={at} />,
						message: (said) => <a href={`/messages/${id}`}>{said}</a>,
					})}
				</span>{" "}
				<a href={now} className="whitespace-nowrap">
					{t("asOf.now")}
				</a>
			</Notice>
		</div>
	);
}

/** In place of a page that cannot be shown as of then, and why. */
export async function NotThen({ refusal, now }: { refusal: Refusal; now: string }) {
	const t = await words("common");
	return (
		<>
			<PageHead title={t("asOf.not")} lead={refusal.detail} />
			<p>
				<a href={now}>{t("asOf.now")}</a>
			</p>
		</>
	);
}

/** A place in the log that is none: what is shown is of now. */
export async function WrongPlace({ detail }: { detail: string | undefined }) {
	const t = await words("common");
	if (detail === undefined) return null;
	return (
		<div className="pt-5">
			<Notice tone="risk">{t("asOf.wrong", { detail })}</Notice>
		</div>
	);
}
