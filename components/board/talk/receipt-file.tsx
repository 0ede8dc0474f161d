"use client";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { hashFile } from "./hash-file";

type Hashing =
	| { is: "nothing" | "unreadable" }
	| { is: "hashing"; name: string; done: number; size: number }
	| { is: "hashed"; name: string; size: number };

/** The hash of a file of this computer, made here: nothing of the file leaves it. */
export function ReceiptFile({ onHash }: { onHash(hash: string): void }) {
	const t = useTranslations("deal");
	const id = useId();
	const [state, setState] = useState<Hashing>({ is: "nothing" });
	const running = useRef<AbortController>(undefined);
	useEffect(() => () => running.current?.abort(), []);

	const take = async (file: File) => {
		running.current?.abort();
		const run = new AbortController();
		running.current = run;
		const { signal } = run;
		const { name, size } = file;
		setState({ is: "hashing", name, done: 0, size });
		try {
			const hash = await hashFile(file, (done) => setState({ is: "hashing", name, done, size }), signal);
			onHash(`sha256:${hash}`);
			setState({ is: "hashed", name, size });
		} catch {
			// Whoever stopped it has said so, or taken another file.
			if (!signal.aborted) setState({ is: "unreadable" });
		}
	};
	return (
		<div className="flex flex-col gap-1 text-sm">
			<label htmlFor={id}>{t("close.file")}</label>
			<input
				id={id}
				type="file"
				onChange={({ currentTarget }) => {
					const [file] = currentTarget.files ?? [];
					if (file) take(file);
				}}
			/>
			<div role="status" className="text-quiet empty:hidden">
				{state.is === "hashing" && (
					<span className="flex flex-wrap items-center gap-2">
						<progress
							max={state.size}
							value={state.done}
							aria-label={t("close.hashing", { name: state.name })}
						/>
						{t("close.hashing", { name: state.name })}
						<Button
							small
							onClick={() => {
								running.current?.abort();
								setState({ is: "nothing" });
							}}
						>
							{t("close.stop")}
						</Button>
					</span>
				)}
				{state.is === "hashed" && t("close.hashed", { name: state.name, bytes: state.size })}
				{state.is === "unreadable" && t("close.unreadable")}
			</div>
		</div>
	);
}
