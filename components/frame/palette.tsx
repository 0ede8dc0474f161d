"use client";
import { Command } from "cmdk";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/components/ui/dialog";

const PLACES = [
	["board", "/"],
	["weeks", "/board"],
	["exchange", "/exchange"],
	["wanted", "/wanted"],
	["sell", "/sell"],
	["desk", "/desk"],
	["log", "/log"],
	["docs", "/docs"],
	["operator", "/operator"],
] as const;

/** Loaded on use: the palette that goes anywhere by name, and the list of keys. */
export function Palette({
	what,
	go,
	single,
	setSingle,
	onClose,
}: {
	what: "palette" | "keys";
	go(href: string): void;
	single: boolean;
	setSingle(on: boolean): void;
	onClose(): void;
}) {
	const t = useTranslations("common");
	const [asked, setAsked] = useState("");
	const [on, setOn] = useState(single);
	if (what === "keys")
		return (
			<Dialog title={t("shortcuts.title")} onClose={onClose}>
				<dl className="divide-y divide-line">
					{(["slash", "palette", "keys", "move", "enter"] as const).map((one) => (
						<div key={one} className="flex justify-between gap-4 py-1.5">
							<dt>{t(`shortcuts.${one}.what`)}</dt>
							<dd className="font-mono text-quiet">{t(`shortcuts.${one}.key`)}</dd>
						</div>
					))}
					{ofThePage().map(({ key, what }) => (
						<div key={key} className="flex justify-between gap-4 py-1.5">
							<dt>{what}</dt>
							<dd className="font-mono text-quiet">{key}</dd>
						</div>
					))}
				</dl>
				<label className="flex items-center gap-2">
					<input
						type="checkbox"
						checked={on}
						className="accent-accent"
						onChange={({ target }) => {
							setOn(target.checked);
							setSingle(target.checked);
						}}
					/>
					{t("shortcuts.single")}
				</label>
			</Dialog>
		);
	const isHex = /^[0-9a-f]{64}$/.test(asked.trim());
	return (
		<Dialog title={t("palette.title")} onClose={onClose}>
			<Command label={t("palette.title")}>
				<Command.Input
					autoFocus
					value={asked}
					onValueChange={setAsked}
					placeholder={t("palette.hint")}
					className="w-full rounded border border-edge bg-paper px-2.5 py-1.5"
				/>
				<Command.List className="mt-2 max-h-72 overflow-y-auto">
					{PLACES.map(([name, href]) => (
						<Command.Item key={href} onSelect={() => go(href)} className={ITEM}>
							{t(`nav.${name}`)}
						</Command.Item>
					))}
					{asked.trim() !== "" && (
						<Command.Item
							forceMount
							value={`ask ${asked}`}
							onSelect={() => go(`/exchange?q=${encodeURIComponent(asked.trim())}`)}
							className={ITEM}
						>
							{t("palette.ask", { what: asked.trim() })}
						</Command.Item>
					)}
					{isHex && (
						<>
							<Command.Item forceMount onSelect={() => go(`/messages/${asked.trim()}`)} className={ITEM}>
								{t("palette.message")}
							</Command.Item>
							<Command.Item forceMount onSelect={() => go(`/agents/${asked.trim()}`)} className={ITEM}>
								{t("palette.agent")}
							</Command.Item>
						</>
					)}
				</Command.List>
			</Command>
		</Dialog>
	);
}

const ITEM = "cursor-pointer rounded px-2.5 py-1.5 data-[selected=true]:bg-shade";

/** Keys that only this page has, and what each presses. */
function ofThePage(): { key: string; what: string }[] {
	return [...document.querySelectorAll<HTMLElement>("[aria-keyshortcuts]")].map((one) => ({
		key: one.getAttribute("aria-keyshortcuts")!,
		what: [...one.childNodes].map((part) => ((part as Element).ariaHidden ? "" : part.textContent)).join(""),
	}));
}
