"use client";
import { useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { fingerprint } from "@/components/ui/mark";
import { visible } from "@/components/ui/visible";
import type { KeyGiven, NoteView } from "@/lib/board/deal";
import type { Opened } from "@/lib/client/notes";
import type { NoteKey } from "./use-note-key";

/** Opened at once; what was written before is opened when it is asked for. */
const AT_ONCE = 20;
/** Of a note; what is longer is shown whole on demand. */
const SHOWN_CHARACTERS = 1_200;

/** `hiddenBy`: the house hid it while the page was open. */
type Read = Opened | { closed: "not-genuine" | "unreachable" } | { hiddenBy: string };

/** What the two wrote, oldest first: fetched as ciphertext and opened here, or with the reason why it does not open. */
export function NoteList({
	notes,
	own,
	viewer,
	other,
	exchange,
	mine,
}: {
	notes: readonly NoteView[];
	/** The encryption keys that the viewer's profile gave. */
	own: readonly KeyGiven[];
	viewer: string;
	/** The other one's name. */
	other: string;
	/** The exchange's first key. */
	exchange: string;
	mine: NoteKey;
}) {
	const t = useTranslations("deal");
	const format = useFormatter();
	const [shown, setShown] = useState(AT_ONCE);
	const read = useRead(
		notes
			.slice(-shown)
			.filter(({ hidden_by }) => hidden_by === null)
			.map(({ message_id }) => message_id),
		exchange,
		mine,
	);
	const hidden = Math.max(0, notes.length - shown);
	if (notes.length === 0) return <p className="py-3 text-quiet">{t("notes.none")}</p>;
	return (
		<>
			{hidden > 0 && mine.is === "here" && (
				<div className="py-2">
					<Button small onClick={() => setShown(notes.length)}>
						{t("notes.earlier", { count: hidden })}
					</Button>
				</div>
			)}
			<ol className="divide-y divide-line" aria-live="polite">
				{notes.slice(hidden).map((note) => {
					const { message_id, seq, at, from, bytes } = note;
					const opened = read.get(message_id);
					const by = note.hidden_by ?? (opened && "hiddenBy" in opened ? opened.hiddenBy : undefined);
					return (
						<li key={message_id} className="py-2.5">
							<p className="flex flex-wrap gap-x-2 text-quiet text-sm">
								<span className="text-ink">{from === viewer ? t("notes.you") : other}</span>
								<time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`}>
									{format.dateTime(new Date(at), SHORT)}
								</time>
								<span>{t("notes.size", { bytes })}</span>
								<a href={`/messages/${message_id}`}>#{seq}</a>
							</p>
							{by ? (
								<HiddenNote by={by} own={from === viewer} />
							) : opened && "text" in opened ? (
								<NoteText>{opened.text}</NoteText>
							) : (
								<p className="text-quiet">
									{opened && "closed" in opened ? why(note, opened.closed) : unread()}
								</p>
							)}
						</li>
					);
				})}
			</ol>
		</>
	);

	function unread(): string {
		return mine.is === "here" ? t("notes.opening") : t("notes.sealedNote");
	}

	function why({ seq, from }: NoteView, closed: Extract<Read, { closed: string }>["closed"]): string {
		if (closed === "no-copy") return t("notes.closed.no-copy", { own: `${from === viewer}` });
		if (closed !== "other-key" || mine.is !== "here") return t(`notes.closed.${closed as "unreachable"}`);
		const before = own.findLast((one) => one.seq < seq)?.key;
		if (!before || before === mine.encryptionKey || from === viewer) return t("notes.closed.damaged");
		return t("notes.closed.earlier-key", {
			before: fingerprint(before),
			here: fingerprint(mine.encryptionKey),
		});
	}
}

const SHORT = {
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
} as const;

/** Ciphertext that is given to nobody cannot be checked either: neither genuine nor forged. */
function HiddenNote({ by, own }: { by: string; own: boolean }) {
	const t = useTranslations("deal");
	return (
		<p className="text-quiet">
			{t("notes.hidden", { own: `${own}` })} <a href={`/messages/${by}`}>{t("notes.hiddenLink")}</a>
		</p>
	);
}

function NoteText({ children: text }: { children: string }) {
	const t = useTranslations("deal");
	const look = "whitespace-pre-wrap break-words";
	if (text.length <= SHOWN_CHARACTERS)
		return (
			<div dir="auto" className={look}>
				{visible(text)}
			</div>
		);
	return (
		<>
			<div dir="auto" className={`${look} line-clamp-6`}>
				{visible(text.slice(0, SHOWN_CHARACTERS))}
			</div>
			<details>
				<summary className="text-quiet text-sm">{t("notes.whole")}</summary>
				<div dir="auto" className={look}>
					{visible(text)}
				</div>
			</details>
		</>
	);
}

/** Each note once, as long as the page is open. */
function useRead(ids: readonly string[], exchange: string, mine: NoteKey): ReadonlyMap<string, Read> {
	const [read, setRead] = useState<ReadonlyMap<string, Read>>(new Map());
	const begun = useRef(new Set<string>());
	const wanted = ids.join(" ");
	const keys = mine.is === "here" ? mine : undefined;
	useEffect(() => {
		if (!keys || wanted === "") return;
		for (const id of wanted.split(" ")) {
			if (begun.current.has(id)) continue;
			begun.current.add(id);
			readNote(id, keys, exchange)
				.catch((): Read => ({ closed: "unreachable" }))
				.then((one) => setRead((now) => new Map(now).set(id, one)));
		}
	}, [wanted, keys, exchange]);
	return read;
}

async function readNote(id: string, mine: Extract<NoteKey, { is: "here" }>, exchange: string): Promise<Read> {
	const [{ openNote }, { verifyMessage }, response] = await Promise.all([
		import("@/lib/client/notes"),
		import("@/lib/client/compose"),
		fetch(`/api/messages/${id}`),
	]);
	if (!response.ok) return { closed: "unreachable" };
	const message = await response.json();
	if (typeof message.hidden_by === "string") return { hiddenBy: message.hidden_by };
	if (!verifyMessage(exchange, message) || message.id !== id) return { closed: "not-genuine" };
	return openNote(message, mine.key, exchange, mine.earlier);
}
