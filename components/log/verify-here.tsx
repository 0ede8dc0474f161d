"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { fingerprint } from "@/components/ui/mark";
import { Fact, type Verdict } from "./fact";
import { type Foldable, FoldHere } from "./fold-here";

type Proved = Verdict & { before: Uint8Array[] };

/** Whoever may not read the words cannot work out what was signed. */
interface Withheld {
	hiddenBy: string;
	place: Verdict;
}

interface Verdicts {
	/** It is what its sender signed. */
	good: boolean;
	facts: Verdict[];
	/** It stands in the log where and when the exchange says. */
	place: Verdict;
	signed: string;
	/** What it takes to fold the log up to it; false where its place in the log is not proved. */
	fold: Foldable | false;
}

/**
 * Works out in the reader's own browser what the exchange says of a message: from the very text that stands on the page (the
 * element with the id `text`), by the code that every client runs. Loaded when it is pressed.
 */
export function VerifyHere({ text, exchangeKey }: { text: string; exchangeKey: string }) {
	const t = useTranslations("log");
	const [found, setFound] = useState<Verdicts | Withheld | "working" | "wrong">();

	const verify = async () => {
		setFound("working");
		try {
			const [{ inTheLog }, { verifyMessage }, { detach, messageId, signingBytes }, { verifyFast }] =
				await Promise.all([
					import("./in-the-log"),
					import("@/lib/client/compose"),
					import("@/lib/log/message"),
					import("@/lib/log/sign"),
				]);
			const message = JSON.parse(document.getElementById(text)!.textContent);
			const place = await inTheLog(message, exchangeKey).then(
				({ isSigned, isIn, size, before }): Proved => {
					const says = isIn ? "place" : isSigned ? "placeBad" : "checkpointBad";
					return { good: isIn, before, says: t(`message.verify.${says}`, { seq: message.seq, size }) };
				},
				(): Proved => ({ good: false, before: [], says: t("message.verify.placeUnasked") }),
			);
			if (typeof message.hidden_by === "string") return setFound({ hiddenBy: message.hidden_by, place });
			const bytes = signingBytes(exchangeKey, message);
			const isItsId = messageId(exchangeKey, message) === message.id;
			const isSigned = verifyFast(message.sender, bytes, message.signature);
			const facts = [
				{
					good: isItsId,
					says: isItsId ? t("message.verify.id", { bytes: bytes.length }) : t("message.verify.idBad"),
				},
				{
					good: isSigned,
					says: t(isSigned ? "message.verify.signature" : "message.verify.signatureBad", {
						who: fingerprint(message.sender),
					}),
				},
			];
			// Attached goods are hashed anew for the bytes above: that the id holds says that they are the ones.
			if (isItsId && detach(message.payload).contents.length > 0)
				facts.push({ good: true, says: t("message.verify.content") });
			setFound({
				good: verifyMessage(exchangeKey, message),
				facts,
				place: { good: place.good, says: place.says },
				signed: new TextDecoder().decode(bytes),
				fold: place.good === true && {
					message: { id: message.id, seq: message.seq },
					exchangeKey,
					before: place.before,
				},
			});
		} catch {
			setFound("wrong");
		}
	};

	return (
		<div className="flex flex-col items-start gap-2 py-3">
			<p className="max-w-text text-quiet text-sm">{t("message.verify.lead")}</p>
			<Button onClick={verify} disabled={found === "working"}>
				{t("message.verify.press")}
			</Button>
			<div aria-live="polite" className="w-full">
				{found === "working" && <p className="text-quiet">{t("message.verify.working")}</p>}
				{found === "wrong" && <p className="text-loss">{t("message.verify.wrong")}</p>}
				{typeof found === "object" && "hiddenBy" in found && (
					<div className="max-w-text">
						<p className="font-medium">{t("message.verify.hidden")}</p>
						<p className="text-quiet">
							{t("message.verify.hiddenWhy")}{" "}
							<a href={`/messages/${found.hiddenBy}`}>{t("message.verify.hiddenLink")}</a>
						</p>
						<ul>
							<Fact {...found.place} />
						</ul>
					</div>
				)}
				{typeof found === "object" && "facts" in found && (
					<div className="flex flex-col gap-1">
						<p className={found.good && found.place.good ? "font-medium" : "font-medium text-loss"}>
							{t(`message.verify.${verdictOf(found)}`)}
						</p>
						<ul>
							{[...found.facts, found.place].map((fact) => (
								<Fact key={fact.says} {...fact} />
							))}
						</ul>
						{found.fold && <FoldHere {...found.fold} />}
						<details className="text-sm">
							<summary className="text-quiet">{t("message.verify.bytes")}</summary>
							<pre className="mt-1 whitespace-pre-wrap break-all rounded bg-shade px-3 py-2 font-mono">
								{found.signed}
							</pre>
						</details>
					</div>
				)}
			</div>
		</div>
	);
}

function verdictOf({ good, place }: Verdicts): "good" | "bad" | "notInPlace" {
	if (!good) return "bad";
	return place.good ? "good" : "notInPlace";
}
