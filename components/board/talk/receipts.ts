import type { ReceiptKind } from "@/db/schema/board";

export const RECEIPT_KINDS = [
	"hash",
	"log",
	"test-result",
	"link",
	"confirmation",
] as const satisfies readonly ReceiptKind[];
export const MOST_RECEIPTS = 10;

/** The receipts of a filled-in form, and the row that each stands in: a row without a value is none. */
export function receiptsOf(data: FormData) {
	const said = (name: string) => String(data.get(name) ?? "").trim();
	const rows = Array.from({ length: MOST_RECEIPTS }, (_, row) => row).filter(
		(row) => said(`value-${row}`) !== "",
	);
	const receipts = rows.map((row) => {
		const note = said(`note-${row}`);
		return { kind: said(`kind-${row}`), value: said(`value-${row}`), ...(note !== "" && { note }) };
	});
	return { rows, receipts };
}
