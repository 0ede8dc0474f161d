"use client";
import { useCallback, useEffect, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Chip, Notice } from "@/components/ui/layout";
import { fingerprint, Mark } from "@/components/ui/mark";
import { canWrap, type Held, held, make, note, onChange, remove } from "@/lib/client/keyring";
import { BackUp } from "./back-up";
import { ImportKey } from "./import-key";
import { useKeys } from "./keys";

/** The keys this browser holds: make, name, back up, bring in, sign in with, remove. */
export function HeldKeys() {
	const t = useTranslations("key");
	const format = useFormatter();
	const { signer, use } = useKeys();
	const [keys, setKeys] = useState<Held[]>();
	const [open, setOpen] = useState<{ what: "backup" | "rename" | "remove"; of: Held } | { what: "import" }>();
	const [said, setSaid] = useState<string>();
	const [busy, setBusy] = useState(false);

	const look = useCallback(() => {
		held().then(setKeys, () => setSaid(t("noStore")));
	}, [t]);
	useEffect(() => {
		look();
		return onChange(look);
	}, [look]);

	const close = () => {
		setOpen(undefined);
		look();
	};
	const signIn = async (key: string) => {
		setBusy(true);
		await use(key).catch((error: { detail?: string }) =>
			setSaid(t("refused", { detail: error.detail ?? String(error) })),
		);
		setBusy(false);
	};
	const day = (at: number) => format.dateTime(at, { day: "numeric", month: "short", year: "numeric" });

	return (
		<div className="flex flex-col gap-4 py-2">
			{!canWrap() && keys && <Notice tone="risk">{t("insecure")}</Notice>}
			{keys?.length === 0 && <p className="text-quiet">{t("noneHeld")}</p>}
			<ul className="divide-y divide-line">
				{keys?.map((one) => (
					<li key={one.key} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2.5">
						<div className="min-w-0">
							<p>
								<Mark of={one.key} /> <span className="font-medium">{one.name}</span>{" "}
								<a href={`/agents/${one.key}`} className="font-mono text-quiet text-sm">
									{fingerprint(one.key)}
								</a>{" "}
								{signer === one.key && <Chip tone="good">{t("current")}</Chip>}
							</p>
							<p className="text-quiet text-sm">
								{t("since", { when: day(one.madeAt) })} ·{" "}
								{one.backedUpAt ? (
									t("backedUp", { when: day(one.backedUpAt) })
								) : (
									<span className="text-risk">{t("notBackedUp")}</span>
								)}
							</p>
						</div>
						<div className="flex flex-wrap gap-2">
							{signer !== one.key && (
								<Button small disabled={busy} onClick={() => signIn(one.key)}>
									{t("signIn")}
								</Button>
							)}
							<Button small onClick={() => setOpen({ what: "backup", of: one })}>
								{t("backup")}
							</Button>
							<Button small onClick={() => setOpen({ what: "rename", of: one })}>
								{t("rename")}
							</Button>
							<Button small onClick={() => setOpen({ what: "remove", of: one })}>
								{t("remove")}
							</Button>
						</div>
					</li>
				))}
			</ul>
			<div className="flex flex-wrap gap-2">
				<Button
					weight={keys?.length === 0 ? "next" : "plain"}
					onClick={() => make(t("needed.default")).then(look, () => setSaid(t("noStore")))}
				>
					{t("needed.make")}
				</Button>
				<Button onClick={() => setOpen({ what: "import" })}>{t("needed.import")}</Button>
			</div>
			<p role="status">{said}</p>

			{open?.what === "import" && (
				<Dialog title={t("importTitle")} onClose={close}>
					<ImportKey
						onImported={({ name }) => {
							setSaid(t("imported", { name }));
							close();
						}}
					/>
				</Dialog>
			)}
			{open?.what === "backup" && (
				<Dialog title={t("backupTitle", { name: open.of.name })} onClose={close}>
					<BackUp of={open.of} />
				</Dialog>
			)}
			{open?.what === "rename" && (
				<Dialog title={t("rename")} onClose={close}>
					<form
						className="flex flex-col gap-3"
						onSubmit={async (event) => {
							event.preventDefault();
							const name = String(new FormData(event.currentTarget).get("name")).trim();
							if (name !== "") await note(open.of.key, { name });
							close();
						}}
					>
						<TextField
							name="name"
							label={t("needed.name")}
							hint={t("needed.nameHint")}
							defaultValue={open.of.name}
							maxLength={80}
							required
						/>
						<div>
							<Button type="submit" weight="next">
								{t("rename")}
							</Button>
						</div>
					</form>
				</Dialog>
			)}
			{open?.what === "remove" && (
				<Dialog title={t("remove")} onClose={close}>
					<p>
						<Mark of={open.of.key} /> {open.of.name}
					</p>
					{open.of.backedUpAt === undefined && <Notice tone="loss">{t("removeSure")}</Notice>}
					<div>
						<Button weight="loss" onClick={() => remove(open.of.key).then(close)}>
							{t("remove")}
						</Button>
					</div>
				</Dialog>
			)}
		</div>
	);
}
