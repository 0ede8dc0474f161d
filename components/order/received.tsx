"use client";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Acting } from "@/components/act/act";
import { ActButton } from "@/components/act/act-button";
import { Button, buttonLook } from "@/components/ui/button";
import { Copy } from "@/components/ui/copy";
import { Notice } from "@/components/ui/layout";
import { sha256Hex } from "@/lib/log/bytes";
import { type Complaint, Complaints } from "./complaints";

type Check = { is: "unasked" | "checking" | "unreachable" } | { is: "matches" | "differs"; text: string };

/**
 * What was delivered, in its buyer's hands: the very file that can be saved is fetched and hashed in this browser, and only
 * what has the hash that was sold can be confirmed.
 */
export function Received({
	href,
	file,
	hash,
	complete,
	complaints,
	children,
}: {
	/** Where the file is. */
	href: string;
	/** What it is saved as. */
	file: string;
	/** 64 hex: of what was sold. */
	hash: string;
	/** Confirming it, while that is open. */
	complete?: {
		acting: Acting;
		says: ReactNode;
		label: ReactNode;
		blocked: string | undefined;
		next: boolean;
	};
	complaints?: Complaint;
	/** The content, or its beginning. */
	children: ReactNode;
}) {
	const t = useTranslations("settle");
	const [check, setCheck] = useState<Check>({ is: "unasked" });
	const look = useCallback(async () => {
		setCheck({ is: "checking" });
		try {
			const response = await fetch(href);
			if (!response.ok) return setCheck({ is: "unreachable" });
			const bytes = new Uint8Array(await response.arrayBuffer());
			const is = sha256Hex(bytes) === hash ? "matches" : "differs";
			setCheck({ is, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) });
		} catch {
			setCheck({ is: "unreachable" });
		}
	}, [href, hash]);
	useEffect(() => {
		look();
	}, [look]);

	const why = {
		unasked: t("blockedChecking"),
		checking: t("blockedChecking"),
		differs: t("blockedDiffers"),
		unreachable: t("blockedUnchecked"),
		matches: complete?.blocked,
	}[check.is];
	return (
		<div className="flex flex-col gap-3">
			<div className="flex min-h-7 flex-wrap items-center gap-x-4 gap-y-2">
				<Verdict check={check} again={look} />
				<span className="flex flex-wrap gap-2 sm:ml-auto">
					{"text" in check ? (
						<Copy text={check.text} label={t("copy")} />
					) : (
						<Button small disabled>
							{t("copy")}
						</Button>
					)}
					<a href={href} download={file} className={buttonLook("plain", true)}>
						{t("save")}
					</a>
				</span>
			</div>
			{children}
			{complete && (
				<ActButton
					acting={complete.acting}
					says={complete.says}
					label={complete.label}
					weight={complete.next ? "next" : "plain"}
					why={why}
					look
				/>
			)}
			{complaints && <Complaints {...complaints} wrongHash={check.is === "differs"} />}
		</div>
	);
}

function Verdict({ check, again }: { check: Check; again(): void }) {
	const t = useTranslations("settle");
	return (
		<div role="status" className="text-sm">
			{check.is === "checking" && <span className="text-quiet">{t("checking")}</span>}
			{check.is === "matches" && (
				<span>
					<span aria-hidden="true">✓ </span>
					{t("matches")}
				</span>
			)}
			{check.is === "differs" && <Notice tone="loss">{t("differs")}</Notice>}
			{check.is === "unreachable" && (
				<span className="flex flex-wrap items-center gap-2">
					{t("unreachable")}
					<Button small onClick={again}>
						{t("again")}
					</Button>
				</span>
			)}
		</div>
	);
}
