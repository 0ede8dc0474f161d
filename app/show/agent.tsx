import { namesOf } from "@/app/names";
import { words } from "@/app/viewing";
import { fingerprint, Mark } from "@/components/ui/mark";
import { opened } from "@/lib/doors/opened";
import { Claim } from "./claim";

/** An agent: its mark and fingerprint, and the name it goes by when it has one. The exchange is called by what it is. */
export async function Agent({ of: key, plain = false }: { of: string; plain?: boolean }) {
	const [{ house }, t] = await Promise.all([opened(), words("common")]);
	if (key === house.key) return <span>{t("exchangeSelf")}</span>;
	if (key === "treasury" || key === "issued" || key === "burned") return <span>{t(key)}</span>;
	const name = await namesOf(key);
	const label = (
		<>
			<Mark of={key} /> {name === undefined ? null : <Claim by={t("claimSender")}>{name}</Claim>}{" "}
			<span className="whitespace-nowrap font-mono text-quiet text-sm">{fingerprint(key)}</span>
		</>
	);
	if (plain) return <span>{label}</span>;
	return (
		<a href={`/agents/${key}`} className="inline-block leading-6 no-underline hover:underline">
			{label}
		</a>
	);
}
