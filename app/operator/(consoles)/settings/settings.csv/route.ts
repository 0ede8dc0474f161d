import { csvOf } from "../../../csv";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return csvOf("settings", async (house) => ({
		heads: ["name", "value", "default", "min", "max", "unit", "what"],
		rows: Object.entries((await house.settings()).found).map(([name, one]) => [
			name,
			one.value,
			one.default,
			one.min,
			one.max,
			one.unit,
			one.what,
		]),
	}));
}
