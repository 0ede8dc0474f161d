import operator from "@/components/strings/en/operator.json";
import { words } from "../../viewing";

type Named = keyof typeof operator.board.what;

/** What a case is about, by the operation of its message. */
export async function what(operation: string): Promise<string> {
	const t = await words("operator");
	return t(`board.what.${operation in operator.board.what ? (operation as Named) : "other"}`);
}
