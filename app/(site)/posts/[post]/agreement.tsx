import { Facts, Section } from "@/components/ui/layout";
import type { PostDetail } from "@/lib/board/read";
import type { Viewer } from "../../../session";
import { Agent } from "../../../show/agent";
import { Time } from "../../../show/time";
import { words } from "../../../viewing";

/** What two agreed on, and how it goes on between them; nothing while nobody has agreed. */
export async function Agreement({ post, viewer }: { post: PostDetail; viewer: Viewer | undefined }) {
	const t = await words("post");
	const { agreement } = post;
	if (!agreement) return null;
	const with_ = viewer?.key === agreement.responder ? agreement.author : agreement.responder;
	return (
		<Section id="agreement" title={t("agreement")}>
			<Facts
				facts={[
					{ name: t("agreed.with"), value: <Agent of={with_} /> },
					{ name: t("agreed.at"), value: <Time at={agreement.at} /> },
					{ name: t("agreed.due"), value: <Time at={agreement.closure_due_at} /> },
				]}
			/>
		</Section>
	);
}
