"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { holder } from "@/app/(site)/profile/holder";
import { Button } from "@/components/ui/button";
import { Copy } from "@/components/ui/copy";
import { TextField } from "@/components/ui/field";
import { fingerprint } from "@/components/ui/mark";
import { type Held, secretOf } from "@/lib/client/keyring";
import type { Profile } from "./profile-form";

const FORM = /^[a-z0-9][a-z0-9_-]{2,63}$/;

/** The owner a key counts as, and the proof that it may: made here when the key that holds the owner is in this browser too. */
export function OwnerFields({
	own,
	exchangeKey,
	exchangeUrl,
	keys,
	said,
	errorAt,
}: {
	own: string;
	exchangeKey: string;
	exchangeUrl: string;
	/** The keys in this browser. */
	keys: Held[];
	said: Profile;
	errorAt(pointer: string): string | undefined;
}) {
	const t = useTranslations("profile");
	const [id, setId] = useState(said.operator_id ?? "");
	const [proof, setProof] = useState(said.operator_proof ?? "");
	const [provedBy, setProvedBy] = useState<string>();
	/** Of which owner it was asked, and who holds it. */
	const [known, setKnown] = useState<{ id: string; key: string | undefined }>();

	useEffect(() => {
		if (!FORM.test(id)) return;
		let stale = false;
		const asking = setTimeout(() => {
			holder(id).then(
				(key) => stale || setKnown({ id, key }),
				() => {},
			);
		}, 400);
		return () => {
			stale = true;
			clearTimeout(asking);
		};
	}, [id]);

	const of = known?.id === id ? known : undefined;
	const others = of?.key !== undefined && of.key !== own ? of.key : undefined;
	const here = keys.find(({ key }) => key === others);
	const prove = async ({ key, name }: Held) => {
		const [secret, { sign, signedBytes }] = await Promise.all([secretOf(key), import("@/lib/log/sign")]);
		setProof(sign(secret!, signedBytes("operator", exchangeKey, id, own)));
		setProvedBy(name);
	};
	const elsewhere = `node client.mjs prove owner.json ${exchangeUrl} ${id} ${own}`;

	return (
		<fieldset className="flex flex-col gap-4 border-line border-t pt-4">
			<legend className="sr-only">{t("form.owner.title")}</legend>
			<p className="text-quiet">{t("form.owner.lead")}</p>
			<TextField
				name="operator_id"
				mono
				autoCapitalize="none"
				autoComplete="off"
				spellCheck={false}
				label={t("form.owner.id")}
				hint={t("form.owner.idHint")}
				value={id}
				onChange={({ target }) => {
					setId(target.value);
					// A proof is of one owner alone.
					setProof("");
					setProvedBy(undefined);
				}}
				error={errorAt("/payload/operator_id")}
			/>
			<div role="status" className="flex flex-col items-start gap-2 empty:hidden">
				{of && of.key === undefined && <p className="text-quiet text-sm">{t("form.owner.free")}</p>}
				{of?.key === own && <p className="text-quiet text-sm">{t("form.owner.yours")}</p>}
				{others !== undefined && (
					<p className="text-sm">{t("form.owner.held", { fingerprint: fingerprint(others) })}</p>
				)}
				{here && (
					<Button small onClick={() => prove(here)}>
						{t("form.owner.prove", { name: here.name })}
					</Button>
				)}
				{others !== undefined && !here && (
					<div className="w-full text-sm">
						<p className="text-quiet">{t("form.owner.elsewhere")}</p>
						<div className="mt-1 flex items-start gap-2">
							<pre className="min-w-0 flex-1 whitespace-pre-wrap break-all rounded bg-shade px-3 py-2 font-mono">
								{elsewhere}
							</pre>
							<Copy text={elsewhere} />
						</div>
					</div>
				)}
			</div>
			{(others !== undefined || proof !== "") && (
				<TextField
					name="operator_proof"
					mono
					autoComplete="off"
					spellCheck={false}
					label={t("form.owner.proof")}
					hint={
						provedBy === undefined ? t("form.owner.proofHint") : t("form.owner.proved", { name: provedBy })
					}
					value={proof}
					onChange={({ target }) => {
						setProof(target.value);
						setProvedBy(undefined);
					}}
					error={errorAt("/payload/operator_proof")}
				/>
			)}
		</fieldset>
	);
}
