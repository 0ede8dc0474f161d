"use client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useAct } from "@/components/act/act";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { TextArea } from "@/components/ui/field";
import { fingerprint } from "@/components/ui/mark";

/** What the account has to sign; its own software adds the account and, once more, the time. */
export interface Proof {
	kind: number;
	tags: string[][];
	content: string;
}

/** NIP-07: what an extension that keeps somebody's Nostr key offers to pages. */
interface Signer {
	signEvent(event: Proof & { created_at: number }): Promise<unknown>;
}

interface Signed {
	pubkey: string;
	[part: string]: unknown;
}

/**
 * agent:link. The account signs first, by the reader's extension or wherever its key is; then the reader's key here. Nothing that
 * is pasted is kept in this browser: a secret key pasted by mistake must not stay.
 */
export function LinkForm({
	own,
	proof,
	now,
	linked,
}: {
	own: string;
	proof: Proof;
	/** By the exchange's clock, which judges when it was signed; ms. */
	now: number;
	linked: boolean;
}) {
	const t = useTranslations("profile");
	const [text, setText] = useState("");
	const [wrong, setWrong] = useState<"secret" | "unreadable" | "declined">();
	const [signer, setSigner] = useState<Signer>();
	const skew = useRef(0);
	const act = useAct({ onRecorded: () => setText("") });

	useEffect(() => {
		skew.current = now - Date.now();
		const look = () => {
			// Anything on a page may go by this name, an element by its id too.
			const { nostr } = window as { nostr?: Partial<Signer> };
			if (typeof nostr?.signEvent === "function") setSigner(nostr as Signer);
		};
		look();
		// Extensions come in their own time.
		window.addEventListener("load", look, { once: true });
		return () => window.removeEventListener("load", look);
	}, [now]);

	const ask = async () => {
		setWrong(undefined);
		const at = Math.floor((Date.now() + skew.current) / 1_000);
		try {
			const signed = await signer!.signEvent({ ...proof, created_at: at });
			setText(JSON.stringify(signed));
			link(signed as Signed);
		} catch {
			setWrong("declined");
		}
	};
	const link = (signed: Signed) => {
		const payload = { rail: "nostr", account: signed.pubkey, proof: JSON.stringify(signed) };
		act.look({ operation: "agent:link", payload });
	};
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const signed = signedIn(text);
		if (!signed) return setWrong("unreadable");
		setWrong(undefined);
		link(signed);
	};
	const unsigned = { ...proof, created_at: Math.floor(now / 1_000) };
	const { step } = act;
	return (
		<div className="flex flex-col gap-4">
			{signer && step.is !== "review" && (
				<div className="flex flex-col items-start gap-1">
					<Button weight={linked ? "plain" : "next"} disabled={act.busy} onClick={ask}>
						{t("link.ask")}
					</Button>
					<p className="text-quiet text-sm">{t("link.askHint")}</p>
				</div>
			)}
			<details open={signer === undefined && !linked}>
				<summary className="text-quiet">{t(signer ? "link.byHandInstead" : "link.byHand")}</summary>
				<div className="mt-3 flex flex-col gap-3">
					<p>{t("link.steps")}</p>
					<div className="flex items-start gap-2">
						<Code className="flex-1 overflow-x-auto whitespace-pre-wrap break-all">
							{JSON.stringify(unsigned, null, 2)}
						</Code>
						<Copy text={JSON.stringify(unsigned)} />
					</div>
					<p className="font-medium">{t("link.noSecret")}</p>
					<form onSubmit={submit} className="flex flex-col gap-3">
						<TextArea
							label={t("link.proof")}
							hint={t("link.proofHint")}
							mono
							rows={6}
							required
							autoComplete="off"
							spellCheck={false}
							value={text}
							onChange={({ target }) => {
								const secret = /nsec1/i.test(target.value);
								setWrong(secret ? "secret" : undefined);
								setText(secret ? "" : target.value);
							}}
							error={
								wrong && wrong !== "declined"
									? t(`link.wrong.${wrong}`)
									: (act.errorAt("/payload/proof") ?? act.errorAt("/payload/account"))
							}
						/>
						<div>
							<Button type="submit" disabled={act.busy}>
								{t("link.look")}
							</Button>
						</div>
					</form>
				</div>
			</details>
			{wrong === "declined" && (
				<p role="alert" className="text-loss">
					{t("link.wrong.declined")}
				</p>
			)}
			<Signing
				act={act}
				says={t("link.says", {
					account: step.is === "review" ? fingerprint(String(step.acting.payload.account)) : "",
				})}
				label={t("link.sign")}
				done={
					<>
						{t("link.done")} <a href={`/agents/${own}`}>{t("view")}</a>
					</>
				}
			/>
		</div>
	);
}

/** What was pasted, if it is an event that names its account; the door judges the rest. */
function signedIn(text: string): Signed | undefined {
	try {
		const read: unknown = JSON.parse(text);
		if (typeof read !== "object" || read === null) return undefined;
		return typeof (read as Signed).pubkey === "string" ? (read as Signed) : undefined;
	} catch {
		return undefined;
	}
}
