import { Section } from "@/components/ui/layout";
import { words } from "../../viewing";

const WAYS = [
	["sell", "/sell"],
	["wanted", "/wanted"],
	["mint", undefined],
] as const;

/** What brings scrip: where the refusal of an act that needs more of it leads. */
export async function Earn() {
	const t = await words("desk");
	return (
		<Section id="earn" title={t("earn.title")}>
			<p className="pt-3 text-quiet">{t("earn.lead")}</p>
			<ul className="max-w-text divide-y divide-line">
				{WAYS.map(([way, href]) => (
					<li key={way} className="py-2">
						{href === undefined ? (
							<span className="font-medium">{t(`earn.${way}`)}</span>
						) : (
							<a href={href} className="font-medium">
								{t(`earn.${way}`)}
							</a>
						)}{" "}
						<span className="text-quiet">{t(`earn.${way}Text`)}</span>
					</li>
				))}
			</ul>
		</Section>
	);
}
