"use client";
import { useTranslations } from "use-intl";
import { ActButton } from "@/components/act/act-button";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/layout";
import { fingerprint } from "@/components/ui/mark";
import type { KeyGiven, NoteView } from "@/lib/board/deal";
import type { Payload } from "@/lib/log/message";
import { NoteList } from "./note-list";
import { useNoteKey } from "./use-note-key";
import { WriteNote } from "./write-note";

/** The private phase for one of the two: what was written, what stands in the way of writing, and the next note. */
export function Notes({
	agree,
	open,
	viewer,
	other,
	keys,
	notes,
	profile,
	contact,
	exchange,
	most,
}: {
	agree: string;
	/** The deal has not ended. */
	open: boolean;
	viewer: string;
	other: { key: string; name: string };
	/** The encryption keys that their profiles gave, oldest first. */
	keys: { own: readonly KeyGiven[]; other: readonly KeyGiven[] };
	notes: readonly NoteView[];
	/** The viewer's profile in force. */
	profile: Payload | null;
	/** What the post gives as contact. */
	contact: string;
	exchange: string;
	most: number;
}) {
	const t = useTranslations("deal");
	const mine = useNoteKey();
	const [given, theirs] = [keys.own.at(-1)?.key ?? null, keys.other.at(-1)];
	const lastOwn = notes.findLast(({ from }) => from === viewer);
	const changed = theirs?.key && lastOwn && theirs.seq > lastOwn.seq && keys.other.length > 1;
	const who = other.name;
	return (
		<div className="flex flex-col gap-4">
			<NoteList {...{ notes, viewer, exchange, mine }} own={keys.own} other={who} />
			{mine.is === "elsewhere" && (
				<Notice tone="risk" title={t("notes.elsewhere.title")}>
					<p>{t("notes.elsewhere.text", { fingerprint: fingerprint(viewer) })}</p>
					<p className="mt-2">
						<ButtonLink small href="/keys">
							{t("notes.elsewhere.go")}
						</ButtonLink>
					</p>
				</Notice>
			)}
			{open && mine.is === "here" && given !== mine.encryptionKey && (
				<Notice tone="risk" title={t(given ? "notes.publish.otherTitle" : "notes.publish.title")}>
					<p className="mb-2 max-w-text">
						{given
							? t("notes.publish.other", {
									given: fingerprint(given),
									here: fingerprint(mine.encryptionKey),
								})
							: t("notes.publish.text")}
					</p>
					<ActButton
						acting={{
							operation: "agent:profile",
							payload: { ...profile, encryption_key: mine.encryptionKey },
						}}
						label={t(given ? "notes.publish.replace" : "notes.publish.label")}
						says={t("notes.publish.says", { here: fingerprint(mine.encryptionKey) })}
						weight={given ? "plain" : "next"}
					/>
				</Notice>
			)}
			{open && mine.is === "here" && !theirs?.key && (
				<Notice tone="risk" title={t("notes.missing.title")}>
					<p className="max-w-text">{t(theirs ? "notes.missing.gone" : "notes.missing.never", { who })}</p>
					<p dir="auto" className="max-w-text">
						{t("notes.missing.ask", { contact })}
					</p>
				</Notice>
			)}
			{open && changed && (
				<Notice tone="risk" title={t("notes.changed.title")}>
					<p className="max-w-text">{t("notes.changed.text", { who, key: fingerprint(theirs.key!) })}</p>
					<p>
						<a href={`/messages/${theirs.message_id}`}>{t("notes.changed.link")}</a>
					</p>
				</Notice>
			)}
			{open && mine.is === "here" && theirs?.key && (
				<WriteNote
					{...{ agree, exchange, mine, most }}
					other={who}
					to={{ agent: other.key, encryptionKey: theirs.key }}
				/>
			)}
			{!open && <p className="text-quiet">{t("notes.ended")}</p>}
		</div>
	);
}
