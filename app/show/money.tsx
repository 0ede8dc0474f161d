import { formats, words } from "@/app/viewing";

/** Whole scrip, or micro-scrip with the fraction it needs. Exact: nothing is rounded away. */
export async function Money(props: { scrip: number } | { micro: number }) {
	const [t, format] = await Promise.all([words("common"), formats()]);
	const amount = "scrip" in props ? props.scrip : props.micro / 1_000_000;
	return (
		<span className="whitespace-nowrap">
			{t("scrip", { amount: format.number(amount, { maximumFractionDigits: 6 }) })}
		</span>
	);
}
