import { type Column, Table } from "@/components/ui/table";
import { opened } from "@/lib/doors/opened";
import { Agent } from "../../show/agent";
import { Claim } from "../../show/claim";
import { Time } from "../../show/time";
import { words } from "../../viewing";

interface Act {
	/** The message that did it. */
	id: string;
	seq: number;
	at: number;
	by: string;
	/** As whoever did it wrote it. */
	why: string | null;
}

/** What the house did, newest first: by which message, when, by whom and why; `columns` say what. */
export async function Acts<One extends Act>({
	caption,
	acts,
	columns,
	rowKey = ({ id }) => id,
}: {
	caption: string;
	acts: readonly One[];
	columns: Column<One>[];
	/** Where one message did several things. */
	rowKey?(act: One): string;
}) {
	const [t, common, { house }] = await Promise.all([words("operator"), words("common"), opened()]);
	return (
		<Table<One>
			caption={caption}
			rows={acts}
			rowKey={rowKey}
			folds
			columns={[
				{
					id: "seq",
					head: t("message"),
					cell: ({ id, seq, at }) => (
						<>
							<a href={`/messages/${id}`}>#{seq}</a>
							<small>
								<Time at={at} />
							</small>
						</>
					),
				},
				{ id: "by", head: t("by"), cell: ({ by }) => <Agent of={by} /> },
				...columns,
				{
					id: "why",
					head: t("because"),
					cell: ({ by, why }) => {
						if (why === null) return "–";
						return by === house.key ? why : <Claim by={common("claimSender")}>{why}</Claim>;
					},
				},
			]}
		/>
	);
}
