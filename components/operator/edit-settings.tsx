"use client";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Act, useAct } from "@/components/act/act";
import { Signing } from "@/components/act/signing";
import { Button } from "@/components/ui/button";
import { words } from "@/components/ui/words";
import type { SettingView } from "@/lib/agents/read";
import { Reasons, reasonOf } from "./reasons";

export type Named = SettingView & { name: string };
type Value = number | boolean;
type Group = (typeof GROUPS)[number];

const GROUPS = ["exchange", "agent", "scrip", "assign", "loop", "board", "mesh", "operator"] as const;
const REASONS = ["trial", "load", "fair", "back"] as const;

/** All settings by what they belong to. Several are changed by one message; what is out of bounds is said at its field. */
export function EditSettings({ settings, mayChange }: { settings: Named[]; mayChange: boolean }) {
	const t = useTranslations("operator");
	const [written, setWritten] = useState<Record<string, string>>({});
	const act = useAct({ onRecorded: () => setWritten({}) });
	const changes = changesOf(settings, written);
	const wrong = settings.filter(
		(one) => written[one.name] !== undefined && !isRight(one, written[one.name]!),
	);
	const count = Object.keys(changes).length;
	const { step } = act;

	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				const reason = reasonOf(new FormData(event.currentTarget));
				act.look({ operation: "operator:configure", payload: { changes, reason } });
			}}
		>
			{GROUPS.map((group) => {
				const own = settings.filter(({ name }) => name.startsWith(`${group}.`));
				if (own.length === 0) return null;
				return (
					<section key={group} aria-labelledby={group} className="py-5">
						<h2 id={group} className="border-line border-b pb-2 font-semibold">
							{t(`settings.groups.${group satisfies Group}`)}
						</h2>
						<ul className="divide-y divide-line">
							{own.map((one) => (
								<Row
									key={one.name}
									of={one}
									written={written[one.name]}
									mayChange={mayChange}
									act={act}
									onWrite={(value) => setWritten((before) => ({ ...before, [one.name]: value }))}
								/>
							))}
						</ul>
					</section>
				);
			})}
			{mayChange && (
				<div
					className={words(
						"border-line border-t bg-paper py-4",
						count > 0 && step.is !== "recorded" && "sticky bottom-0 max-h-[75vh] overflow-y-auto",
					)}
				>
					<div className="flex flex-col gap-4">
						<p className="font-medium" aria-live="polite">
							{t("settings.changes", { count })}
						</p>
						{count > 0 && (
							<>
								<ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
									{Object.entries(changes).map(([name, to]) => (
										<li key={name}>
											<span className="font-mono">{name}</span> {String(inForce(settings, name))} →{" "}
											<span className="font-medium">{String(to)}</span>
										</li>
									))}
								</ul>
								<Reasons
									required
									reasons={REASONS.map((one) => t(`settings.reasons.${one}`))}
									error={act.errorAt("/payload/reason")}
								/>
								{step.is !== "review" && (
									<div className="flex flex-wrap gap-2">
										<Button type="submit" weight="next" disabled={act.busy || wrong.length > 0}>
											{t("look")}
										</Button>
										<Button
											onClick={() => {
												setWritten({});
												act.reset();
											}}
										>
											{t("settings.undo")}
										</Button>
									</div>
								)}
							</>
						)}
						<Signing
							act={act}
							says={
								step.is === "review"
									? t("settings.says", { count, names: Object.keys(changes).sort().join(", ") })
									: ""
							}
							label={t("settings.sign")}
						/>
					</div>
				</div>
			)}
		</form>
	);
}

function Row({
	of,
	written,
	mayChange,
	act,
	onWrite,
}: {
	of: Named;
	written: string | undefined;
	mayChange: boolean;
	act: Act;
	onWrite(value: string): void;
}) {
	const t = useTranslations("operator");
	const format = useFormatter();
	const { name, value, min, max, unit, what } = of;
	const text = written ?? String(value);
	const isNumber = typeof value === "number";
	const shown = (value: Value) =>
		typeof value === "number" ? format.number(value) : value ? t("settings.yes") : t("settings.no");
	const error = isRight(of, text)
		? act.errorAt(`/payload/changes/${name}`)
		: t("settings.outside", { min: min!, max: max! });
	const changed = written !== undefined && parsed(of, written) !== value;
	const look = words(
		"w-32 rounded border bg-paper px-2 py-1 text-right tabular-nums disabled:opacity-60 aria-invalid:border-loss",
		changed ? "border-accent" : "border-edge",
	);
	const common = {
		id: name,
		"aria-describedby": `${name}-what`,
		"aria-invalid": error === undefined ? undefined : (true as const),
		disabled: !mayChange,
		value: text,
		className: look,
	};
	return (
		<li className="grid gap-x-6 gap-y-1 py-2.5 sm:grid-cols-[minmax(0,1fr)_auto]">
			<div className="min-w-0">
				<label htmlFor={name} className="break-words font-mono text-sm">
					{name}
				</label>
				<p id={`${name}-what`} className="text-quiet text-sm first-letter:uppercase">
					{what}
				</p>
			</div>
			<div className="flex flex-col gap-0.5 sm:w-80">
				<div className="flex items-center gap-2">
					{isNumber ? (
						<input
							{...common}
							inputMode="numeric"
							autoComplete="off"
							onChange={({ target }) => onWrite(target.value)}
						/>
					) : (
						<select {...common} onChange={({ target }) => onWrite(target.value)}>
							<option value="true">{t("settings.yes")}</option>
							<option value="false">{t("settings.no")}</option>
						</select>
					)}
					{unit && <span className="text-quiet text-sm">{t(`unit.${unit}`)}</span>}
				</div>
				{error !== undefined && <p className="text-loss text-sm">{error}</p>}
				<p className="text-quiet text-xs">
					{isNumber && <>{t("settings.bounds", { min: min!, max: max! })} · </>}
					<span className={value === of.default ? undefined : "font-medium text-ink"}>
						{t("settings.default", { value: shown(of.default) })}
					</span>{" "}
					· <a href={`/operator/settings?name=${name}#history`}>{t("settings.history")}</a>
				</p>
			</div>
		</li>
	);
}

function parsed({ value }: Named, text: string): Value {
	if (typeof value === "boolean") return text === "true";
	return text.trim() === "" ? Number.NaN : Number(text.replaceAll(/[\s,_]/g, ""));
}

/** Within the same bounds that the door holds it to. */
function isRight(one: Named, text: string): boolean {
	const value = parsed(one, text);
	if (typeof value === "boolean") return true;
	return Number.isInteger(value) && value >= one.min! && value <= one.max!;
}

function changesOf(settings: Named[], written: Record<string, string>): Record<string, Value> {
	const changes: Record<string, Value> = {};
	for (const one of settings) {
		const text = written[one.name];
		if (text === undefined || !isRight(one, text)) continue;
		const value = parsed(one, text);
		if (value !== one.value) changes[one.name] = value;
	}
	return changes;
}

function inForce(settings: Named[], name: string): Value {
	return settings.find((one) => one.name === name)!.value;
}
