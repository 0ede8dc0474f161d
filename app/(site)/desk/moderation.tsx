import { Speak } from "@/components/strings/speak";
import { Section } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";
import { cursorAt } from "@/lib/doors/query";
import { Moderated } from "../../show/moderated";
import { Pager } from "../../show/pager";
import { stringsOf, viewing, words } from "../../viewing";
import { type List, PAGE } from "./list";

/** What flags and the house said of the reader and of what they said, with their appeals; nothing where nobody did. */
export async function Moderation({ of: key, before, others }: List) {
	const { questions } = await opened();
	const { found } = await questions.moderated(key, before, PAGE);
	if (found.items.length === 0 && before === undefined) return null;
	const [t, { locale, zone }] = await Promise.all([words("moderation"), viewing()]);
	return (
		<Section id="moderation" title={t("words.title")}>
			<p className="py-2 text-quiet text-sm">{t("words.lead")}</p>
			<Speak locale={locale} zone={zone} strings={await stringsOf("common", "act", "key", "moderation")}>
				<Moderated of={found.items} reader={key} />
			</Speak>
			<Pager
				path="/desk"
				name="moderation"
				query={others}
				next={found.next === undefined ? undefined : cursorAt(found.next)}
				first={before === undefined}
			/>
		</Section>
	);
}
