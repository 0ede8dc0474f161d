import type { Metadata } from "next";
import { PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { running } from "@/lib/doors/running";
import { words } from "../../../viewing";
import { Chapters, Contents } from "../chapters";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("running.title") };
}

/** For whoever runs an exchange: beyond one process on one database. */
export default async function Running() {
	const [{ publicUrl }, t] = await Promise.all([opened(), words("docs")]);
	const chapters = running(publicUrl);
	return (
		<>
			<PageHead title={t("running.title")} lead={t("running.lead")} />
			<Contents of={chapters} />
			<Chapters of={chapters} />
		</>
	);
}
