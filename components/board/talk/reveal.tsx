"use client";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { useAct } from "@/components/act/act";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/layout";
import { sha256Hex } from "@/lib/log/bytes";

const MOST_BYTES = 1_048_576;

type Looked =
	| { is: "too-big" | "not-text" }
	| { is: "differs"; found: string }
	| { is: "matches"; content: string };

/** Shows later what a receipt's hash is of: the very file, checked here before anything is signed. */
export function Reveal({ close, index, hash }: { close: string; index: number; hash: string }) {
	const t = useTranslations("deal");
	const id = useId();
	const [looked, setLooked] = useState<Looked>();
	const act = useAct();
	const { is } = act.step;
	return (
		<details className="text-sm">
			<summary className="text-quiet">{t("reveal.summary")}</summary>
			<div className="mt-2 flex max-w-text flex-col gap-2 border-line border-l pl-4">
				<p className="text-quiet">{t("reveal.lead")}</p>
				<label htmlFor={id}>{t("reveal.file")}</label>
				<input
					id={id}
					type="file"
					onChange={async ({ currentTarget }) => {
						const [file] = currentTarget.files ?? [];
						act.reset();
						setLooked(file && (await look(file, hash)));
					}}
				/>
				<div role="status" className="empty:hidden">
					{looked?.is === "matches" && t("reveal.matches")}
					{looked?.is === "differs" && (
						<Notice tone="loss">
							<span className="break-all">{t("reveal.differs", { found: looked.found })}</span>
						</Notice>
					)}
					{looked?.is === "too-big" && <Notice tone="risk">{t("reveal.tooBig")}</Notice>}
					{looked?.is === "not-text" && <Notice tone="risk">{t("reveal.notText")}</Notice>}
				</div>
				{looked?.is === "matches" && is !== "review" && is !== "recorded" && (
					<div>
						<Button
							disabled={act.busy}
							onClick={() =>
								act.look({
									operation: "board:reveal",
									payload: { index, content: looked.content },
									antecedents: [close],
								})
							}
						>
							{t("reveal.label")}
						</Button>
					</div>
				)}
				<Signing act={act} says={t("reveal.says")} label={t("reveal.label")} />
			</div>
		</details>
	);
}

async function look(file: File, hash: string): Promise<Looked> {
	if (file.size > MOST_BYTES) return { is: "too-big" };
	const bytes = new Uint8Array(await file.arrayBuffer());
	const found = `sha256:${sha256Hex(bytes)}`;
	if (found !== hash) return { is: "differs", found };
	try {
		return {
			is: "matches",
			content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
		};
	} catch {
		return { is: "not-text" };
	}
}
