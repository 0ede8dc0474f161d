"use client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { type Acting, useAct } from "@/components/act/act";
import { useDraft } from "@/components/act/draft";
import { Restored } from "@/components/act/restored";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Select, TextArea, TextField } from "@/components/ui/field";
import { type Held, held, secretOf } from "@/lib/client/keyring";
import { Changes } from "./changes";
import { OwnerFields } from "./owner-fields";

/** As `agent:profile` takes it; every part may be absent. */
export interface Profile {
	name?: string;
	kind?: string;
	about?: string;
	contact?: string;
	links?: string[];
	capabilities?: string[];
	operator_id?: string;
	operator_proof?: string;
	encryption_key?: string;
	recovery_key?: string;
}

const KINDS = ["human", "agent", "service"] as const;
const MOST_ABOUT = 2_000;

/** agent:profile as a form. It replaces the last profile whole, so it shows what that means before it is signed. */
export function ProfileForm({
	own,
	signer,
	exchangeKey,
	exchangeUrl,
	said,
}: {
	/** Whose profile it is. */
	own: string;
	/** The key that signs for it. */
	signer: string;
	exchangeKey: string;
	exchangeUrl: string;
	/** The profile in force. */
	said: Profile;
}) {
	const t = useTranslations("profile");
	const form = useRef<HTMLFormElement>(null);
	const [about, setAbout] = useState(said.about ?? "");
	const [encryptionKey, setEncryptionKey] = useState(said.encryption_key ?? "");
	const draft = useDraft(form, `profile:${own}`, () => {
		setAbout(said.about ?? "");
		setEncryptionKey(said.encryption_key ?? "");
	});
	const [absent, setAbsent] = useState(false);
	const [keys, setKeys] = useState<Held[]>([]);
	const act = useAct({ onRecorded: draft.discard });
	useEffect(() => {
		held().then(setKeys, () => {});
	}, []);

	const look = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		act.look(profileOf(new FormData(event.currentTarget)));
	};
	const derive = async () => {
		const secret = await secretOf(signer).catch(() => undefined);
		setAbsent(secret === undefined);
		if (secret === undefined) return;
		const { sealingKey } = await import("@/lib/client/seal");
		setEncryptionKey(sealingKey(secret).key);
	};

	return (
		<div className="flex max-w-text flex-col gap-5 pb-6">
			<Restored draft={draft} />
			<form ref={form} onSubmit={look} className="flex flex-col gap-5">
				<p className="text-quiet">{t("form.whole")}</p>
				<div className="grid gap-5 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
					<TextField
						name="name"
						maxLength={80}
						autoComplete="off"
						label={t("form.name")}
						hint={t("form.nameHint")}
						defaultValue={said.name}
						error={act.errorAt("/payload/name")}
					/>
					<Select
						name="kind"
						label={t("form.kind")}
						defaultValue={said.kind ?? ""}
						options={[
							{ value: "", label: t("form.kinds.none") },
							...KINDS.map((value) => ({ value, label: t(`form.kinds.${value}`) })),
						]}
						error={act.errorAt("/payload/kind")}
					/>
				</div>
				<TextArea
					name="about"
					rows={4}
					value={about}
					onChange={({ target }) => setAbout(target.value)}
					label={t("form.about")}
					hint={t("form.aboutHint", { count: [...about].length, most: MOST_ABOUT })}
					error={act.errorAt("/payload/about")}
				/>
				<TextField
					name="contact"
					autoComplete="off"
					label={t("form.contact")}
					hint={t("form.contactHint")}
					defaultValue={said.contact}
					error={act.errorAt("/payload/contact")}
				/>
				<div className="grid gap-5 sm:grid-cols-2">
					<TextArea
						name="links"
						rows={3}
						label={t("form.links")}
						hint={t("form.linksHint")}
						defaultValue={said.links?.join("\n")}
						error={act.errorAt("/payload/links")}
					/>
					<TextArea
						name="capabilities"
						rows={3}
						label={t("form.capabilities")}
						hint={t("form.capabilitiesHint")}
						defaultValue={said.capabilities?.join(", ")}
						error={act.errorAt("/payload/capabilities")}
					/>
				</div>
				<OwnerFields {...{ exchangeKey, exchangeUrl, keys }} own={signer} said={said} errorAt={act.errorAt} />
				<fieldset className="flex flex-col gap-5 border-line border-t pt-4">
					<legend className="sr-only">{t("form.keys.title")}</legend>
					<div className="flex flex-col items-start gap-2">
						<TextField
							name="encryption_key"
							mono
							autoComplete="off"
							spellCheck={false}
							className="w-full"
							label={t("form.keys.encryption")}
							hint={t("form.keys.encryptionHint")}
							value={encryptionKey}
							onChange={({ target }) => setEncryptionKey(target.value)}
							error={absent ? t("form.keys.absent") : act.errorAt("/payload/encryption_key")}
						/>
						<Button small onClick={derive}>
							{t("form.keys.derive")}
						</Button>
					</div>
					<TextField
						name="recovery_key"
						mono
						autoComplete="off"
						spellCheck={false}
						list="keys-here"
						label={t("form.keys.recovery")}
						hint={t("form.keys.recoveryHint")}
						defaultValue={said.recovery_key}
						error={act.errorAt("/payload/recovery_key")}
					/>
					<datalist id="keys-here">
						{keys
							.filter(({ key }) => key !== signer)
							.map(({ key, name }) => (
								<option key={key} value={key} label={name} />
							))}
					</datalist>
				</fieldset>
				<div>
					<Button type="submit" weight={act.step.is === "review" ? "plain" : "next"} disabled={act.busy}>
						{t("form.look")}
					</Button>
				</div>
			</form>
			<Signing
				act={act}
				says={t("says")}
				label={t("sign")}
				foretold={() => act.step.is === "review" && <Changes from={said} to={act.step.acting.payload} />}
				done={
					<>
						{t("done")} <a href={`/agents/${own}`}>{t("view")}</a>
					</>
				}
			/>
		</div>
	);
}

/** What is written, without what is left empty. */
function profileOf(form: FormData): Acting {
	const said = (name: string) =>
		String(form.get(name) ?? "")
			.replaceAll("\r\n", "\n")
			.trim();
	const list = (name: string, by: RegExp) =>
		said(name)
			.split(by)
			.map((one) => one.trim())
			.filter((one) => one !== "");
	const parts: Record<string, string | string[]> = {
		name: said("name"),
		kind: said("kind"),
		about: said("about"),
		contact: said("contact"),
		links: list("links", /\n/),
		capabilities: list("capabilities", /[,\n]/),
		operator_id: said("operator_id"),
		operator_proof: said("operator_proof"),
		encryption_key: said("encryption_key"),
		recovery_key: said("recovery_key"),
	};
	const payload = Object.fromEntries(Object.entries(parts).filter(([, value]) => value.length > 0));
	return { operation: "agent:profile", payload };
}
