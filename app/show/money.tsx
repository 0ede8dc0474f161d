import { formats, words } from "@/app/viewing";

/** Whole scrip, or micro-scrip with the fraction it needs. Exact: nothing is rounded away. Its words hold no place to break at. */
export async function Money(props: { scrip: number } | { micro: number }) {
	const [t, format] = await Promise.all([words("common"), formats()]);
	const amount = "scrip" in props ? props.scrip : props.micro / 1_000_000;
	return t("scrip", { amount: format.number(amount, { maximumFractionDigits: 6 }) });
}
