"use client";
import { useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";

interface View {
	name: string;
	query: string;
}

/** Filters that a reader uses often, kept in this browser: a view is an address with a name. */
export function SavedViews({ place, path, query }: { place: string; path: string; query: string }) {
	const t = useTranslations("views");
	const id = useId();
	const [views, setViews] = useState<View[]>([]);
	useEffect(() => setViews(read(place)), [place]);
	const keep = (all: View[]) => {
		localStorage.setItem(`views:${place}`, JSON.stringify(all));
		setViews(all);
	};
	return (
		<details className="text-sm">
			<summary className="text-quiet">{t("label")}</summary>
			<div className="mt-2 flex flex-col gap-2">
				{views.length === 0 && <p className="text-quiet">{t("none")}</p>}
				<ul className="flex flex-wrap gap-x-4 gap-y-1">
					{views.map(({ name, query }) => (
						<li key={name} className="flex items-center gap-1">
							<a href={`${path}?${query}`}>{name}</a>
							<button
								type="button"
								aria-label={t("remove", { name })}
								className="size-6 text-quiet hover:text-ink"
								onClick={() => keep(views.filter((one) => one.name !== name))}
							>
								×
							</button>
						</li>
					))}
				</ul>
				{query !== "" && (
					<form
						className="flex flex-wrap items-center gap-2"
						onSubmit={(event) => {
							event.preventDefault();
							const name = String(new FormData(event.currentTarget).get("name")).trim();
							if (name === "") return;
							keep([...views.filter((one) => one.name !== name), { name, query }]);
							event.currentTarget.reset();
						}}
					>
						<label htmlFor={id}>{t("name")}</label>
						<input
							id={id}
							name="name"
							maxLength={60}
							required
							className="rounded border border-edge bg-paper px-2 py-0.5"
						/>
						<Button type="submit" small>
							{t("save")}
						</Button>
					</form>
				)}
			</div>
		</details>
	);
}

function read(place: string): View[] {
	try {
		return JSON.parse(localStorage.getItem(`views:${place}`) ?? "[]");
	} catch {
		return [];
	}
}
