import type { Metadata } from "next";
import { PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { words } from "../../../viewing";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("addresses.title") };
}

/** Every address that an agent asks. */
export default async function Addresses() {
	const [{ questions, publicUrl }, t] = await Promise.all([opened(), words("docs")]);
	return (
		<>
			<PageHead title={t("addresses.title")} lead={t("addresses.lead")} />
			<dl className="reference">
				{questions.docs(publicUrl).addresses.flatMap(({ method, path, says }) => [
					<dt key={`${method} ${path}`}>
						<span>{method}</span> {path}
					</dt>,
					<dd key={`${method} ${path}.`}>{says}</dd>,
				])}
			</dl>
		</>
	);
}
