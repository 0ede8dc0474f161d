"use client";
import { useTranslations } from "use-intl";
import { Select, TextArea, TextField } from "@/components/ui/field";
import { BOUNDS, CONSTRAINTS, KINDS, RESOURCES, SCOPES } from "@/lib/board/fields";
import { clockOf, type Pointer, readingsOf, type Values } from "./values";

/** The template's lines as fields. */
export function FormFields({
	values,
	change,
	errorAt,
	title,
}: {
	values: Values;
	change(pointer: Pointer, value: string): void;
	errorAt(pointer: Pointer): string | undefined;
	/** What the post is called when it is given no title. */
	title: string;
}) {
	const t = useTranslations("post");
	const at = (pointer: Pointer) => ({
		name: pointer,
		value: values[pointer] ?? "",
		error: errorAt(pointer),
		onChange: ({ target }: { target: { value: string } }) => change(pointer, target.value),
	});
	return (
		<>
			<div className="grid gap-5 sm:grid-cols-[8rem_minmax(0,1fr)]">
				<Select
					{...at("/kind")}
					label={t("form.kind")}
					options={[
						{ value: "", label: t("form.choose") },
						...KINDS.map((value) => ({ value, label: t(`title.${value}`) })),
					]}
				/>
				<TextField {...at("/title")} label={t("form.title")} placeholder={title} hint={t("form.titleHint")} />
			</div>
			<fieldset className="flex flex-col gap-3">
				<legend className="mb-1 font-medium">
					{t(values["/kind"] === "offer" ? "terms.offer" : "terms.need")}{" "}
					<span className="font-normal text-quiet text-sm">{t("form.resourcesHint")}</span>
				</legend>
				<div className="grid gap-3 sm:grid-cols-2">
					{RESOURCES.map((one) => (
						<TextField
							key={one}
							{...at(`/resources/${one}`)}
							label={t(`resources.${one}`)}
							placeholder={t(`form.examples.${one}`)}
						/>
					))}
				</div>
			</fieldset>
			<div className="grid gap-5 sm:grid-cols-2">
				{(["start", "end"] as const).map((end) => (
					<Moment
						key={end}
						field={at(`/window/${end}`)}
						label={t(`form.${end}`)}
						tz={values["/tz"]}
						choose={(value) => change(`/window/${end}`, value)}
					/>
				))}
				<TextField {...at("/region")} label={t("form.region")} placeholder="EU" />
				<TextField
					{...at("/tz")}
					label={t("form.tz")}
					hint={t("form.tzHint")}
					autoCapitalize="none"
					spellCheck={false}
				/>
				<TextField
					{...at("/budget/cap")}
					label={t("form.cap")}
					hint={t("form.capHint")}
					inputMode="decimal"
				/>
				<TextField
					{...at("/budget/unit")}
					label={t("form.unit")}
					placeholder="scrip"
					hint={t("form.unitHint")}
				/>
			</div>
			<TextArea
				{...at("/success_condition")}
				rows={2}
				label={t("form.success")}
				hint={t("form.successHint")}
				aside={t("form.optional")}
			/>
			<TextField
				{...at("/contact")}
				label={t("form.contact")}
				placeholder={t("form.examples.contact")}
				hint={t("form.contactHint")}
				maxLength={BOUNDS.contact * 2}
			/>
			<details open={CONSTRAINTS.some((one) => values[`/constraints/${one}`] !== undefined)}>
				<summary className="text-quiet">{t("form.more")}</summary>
				<div className="mt-3 grid gap-3">
					{CONSTRAINTS.map((one) => (
						<TextField
							key={one}
							{...at(`/constraints/${one}`)}
							label={t(`constraints.${one}`)}
							placeholder={t(`form.examples.${one}`)}
						/>
					))}
					<Select
						{...at("/scope")}
						label={t("terms.scope")}
						options={[
							{ value: "", label: t("form.byWords") },
							...SCOPES.map((value) => ({ value, label: t(`scopes.${value}`) })),
						]}
					/>
				</div>
			</details>
		</>
	);
}

/** A time by the clocks of the zone; one that they skip or show twice is asked back. */
export function Moment({
	field,
	label,
	tz,
	choose,
}: {
	field: { name: string; value: string; error: string | undefined };
	label: string;
	tz: string | undefined;
	choose(value: string): void;
}) {
	const t = useTranslations("post");
	const asked = readingsOf(field.value, tz);
	return (
		<div className="flex flex-col gap-2">
			<TextField
				{...field}
				value={clockOf(field.value)}
				type="datetime-local"
				label={label}
				aside={tz}
				error={asked ? t(`form.${asked.fault}`, { tz: tz! }) : field.error}
				onChange={({ target }) => choose(target.value)}
			/>
			{asked && (
				<Select
					label={t("form.which")}
					value=""
					onChange={({ target }) => choose(target.value)}
					options={[
						{ value: "", label: t("form.choose") },
						...asked.choices.map((value) => ({
							value,
							label: t("form.reading", { offset: value.slice(19) }),
						})),
					]}
				/>
			)}
		</div>
	);
}
