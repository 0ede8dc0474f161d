import { Copy } from "@/components/ui/copy";
import { opened } from "@/lib/doors/opened";
import { words } from "../viewing";

/** The same for agents: what a page shows as one `curl`, what an act says as lines with the client. */
export async function SameByApi({ path, client }: { path?: string; client?: string }) {
	const [t, { publicUrl }] = await Promise.all([words("common"), opened()]);
	const text = path === undefined ? client! : `curl -s "${publicUrl}${path}"`;
	return (
		<details className="py-3 text-sm">
			<summary className="text-quiet">{path === undefined ? t("client") : t("curl")}</summary>
			<div className="mt-1 flex items-start gap-2">
				<pre className="min-w-0 flex-1 overflow-x-auto rounded bg-shade px-3 py-2 font-mono">{text}</pre>
				<Copy text={text} />
			</div>
		</details>
	);
}
