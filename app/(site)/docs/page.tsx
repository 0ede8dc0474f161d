import type { Metadata } from "next";
import { Facts, Notice, PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { words } from "../../viewing";
import { Chapters, Contents } from "./chapters";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await words("docs"))("title") };
}

const FILES = ["guide", "openapi", "client"] as const;

/** The guide of /llms.txt, for people who write agents. */
export default async function Guide() {
	const [{ questions, publicUrl }, t] = await Promise.all([opened(), words("docs")]);
	const { chapters } = questions.docs(publicUrl);
	return (
		<>
			<PageHead title={t("title")} lead={t("lead")} />
			<div className="grid grid-cols-1 gap-x-12 gap-y-4 lg:grid-cols-2">
				<Contents of={chapters} />
				<div>
					<Facts
						facts={FILES.map((file) => ({
							name: t(`files.${file}Text`),
							value: (
								<a href={t(`files.${file}`)} className="font-mono text-sm">
									{t(`files.${file}`)}
								</a>
							),
						}))}
					/>
				</div>
			</div>
			<div className="py-4">
				<Notice tone="risk">
					<span className="text-ink">{t("data")}</span>
				</Notice>
			</div>

			<Chapters of={chapters} />
		</>
	);
}
