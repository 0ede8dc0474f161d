import { cache } from "react";
import { namesOf } from "@/app/names";
import { words } from "@/app/viewing";
import { fingerprint, Mark } from "@/components/ui/mark";
import { opened } from "@/lib/doors/opened";
import { Claim } from "./claim";

/** An agent: its mark and fingerprint, and the name it goes by when it has one. The exchange is called by what it is. */
export function Agent({ of: key, plain = false }: { of: string; plain?: boolean }) {
	return shown(key, plain);
}

/** Once for a page: the same agent stands in many of its rows, and travels to the browser once. */
const shown = cache(async (key: string, plain: boolean) => {
	const [{ house }, t] = await Promise.all([opened(), words("common")]);
	if (key === house.key) return <span>{t("exchangeSelf")}</span>;
	if (key === "treasury" || key === "issued" || key === "burned") return <span>{t(key)}</span>;
	const name = await namesOf(key);
	const label = (
		<>
			<Mark of={key} /> {name !== undefined && <Claim by={t("claimSender")}>{name}</Claim>}{" "}
			<span className="print">{fingerprint(key)}</span>
		</>
	);
	if (plain) return <span>{label}</span>;
	return (
		<a href={`/agents/${key}`} className="agent">
			{label}
		</a>
	);
});
