import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Fact, type Verdict } from "./fact";

export interface Foldable {
	message: { id: string; seq: number };
	exchangeKey: string;
	/** The tree over all that stands before the message. */
	before: Uint8Array[];
}

/** So many are folded without asking: some seconds, some megabytes. */
const UNASKED = 2_000;
const KB_A_MESSAGE = 1.2;

/** What the message moved, folded in the reader's browser from every message up to it. A long log is folded when it is asked for. */
export function FoldHere({ message, exchangeKey, before }: Foldable) {
	const t = useTranslations("log");
	const count = message.seq;
	const [size, setSize] = useState<number>();
	const [verdict, setVerdict] = useState<Verdict>();
	const begun = useRef(false);

	const fold = async () => {
		if (begun.current) return;
		begun.current = true;
		setVerdict(undefined);
		setSize(0);
		setVerdict(
			await import("./folded-here")
				.then(({ foldedHere }) => foldedHere(message, exchangeKey, before, setSize))
				.then(({ isGenuine, lost, agrees, moves }): Verdict => {
					if (!isGenuine) return { good: false, says: t("message.verify.fold.notGenuine", { count }) };
					if (lost !== undefined) {
						const why = t(`message.verify.fold.${lost === "withheld" ? "lostWithheld" : "lostUnknown"}`);
						return { good: undefined, says: t("message.verify.fold.lost", { why }) };
					}
					if (!agrees) return { good: false, says: t("message.verify.fold.differs", { count }) };
					return {
						good: true,
						says: t(`message.verify.fold.${moves ? "agrees" : "agreesNothing"}`, { count }),
					};
				})
				.catch((): Verdict => {
					setSize(undefined);
					return { good: undefined, says: t("message.verify.fold.unread") };
				}),
		);
		begun.current = false;
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is shown; pressing does the rest
	useEffect(() => {
		if (count <= UNASKED) void fold();
	}, []);

	if (size === undefined)
		return (
			<div className="flex flex-col items-start gap-1 py-1">
				{verdict && (
					<ul>
						<Fact {...verdict} />
					</ul>
				)}
				<p className="max-w-text text-quiet text-sm">
					{t("message.verify.fold.longNote", { megabytes: Math.ceil((count * KB_A_MESSAGE) / 1_000) })}
				</p>
				<Button small onClick={fold}>
					{t("message.verify.fold.long", { count })}
				</Button>
			</div>
		);
	if (!verdict) return <p className="text-quiet">{t("message.verify.fold.working", { size, count })}</p>;
	return (
		<>
			<ul>
				<Fact {...verdict} />
			</ul>
			<p className="max-w-text text-quiet text-sm">
				{t.rich("message.verify.fold.states", { code: (said) => <code>{said}</code> })}
			</p>
		</>
	);
}
