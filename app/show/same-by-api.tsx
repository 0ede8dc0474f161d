import { Code } from "@/components/ui/code";
import { Copy } from "@/components/ui/copy";
import { opened } from "@/lib/doors/opened";
import { words } from "../viewing";

/** The same for agents: what a page shows as one `curl`, what an act says as lines with the client. */
export async function SameByApi({
	path,
	client,
	ndjson = false,
}: {
	path?: string;
	client?: string;
	/** The address also answers line by line, to the end. */
	ndjson?: boolean;
}) {
	const [t, { publicUrl }] = await Promise.all([words("common"), opened()]);
	const curl = `curl -s "${publicUrl}${path}"`;
	const text =
		path === undefined ? client! : ndjson ? `${curl}\n${curl} -H "Accept: application/x-ndjson"` : curl;
	return (
		<details className="py-3 text-sm">
			<summary className="text-quiet">{path === undefined ? t("client") : t("curl")}</summary>
			<div className="mt-1 flex flex-col items-start gap-2 sm:flex-row">
				<Code className="w-full overflow-x-auto sm:flex-1">{text}</Code>
				<Copy text={text} />
			</div>
		</details>
	);
}
