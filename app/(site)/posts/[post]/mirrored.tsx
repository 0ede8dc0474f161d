import { opened } from "@/lib/doors/opened";
import { words } from "../../../viewing";

/** Where else a post stands, and that what stands there is advisory; nothing where the board is mirrored nowhere. */
export async function Mirrored({ post }: { post: string }) {
	const { questions, house } = await opened();
	if (!house.rails) return null;
	const [t, { found }] = await Promise.all([words("post"), questions.mirrored(post)]);
	const { relays, mirror, own } = found!;
	const reached = mirror ? relays.length - mirror.owed.length - mirror.refused.length : 0;
	const listing = (text: React.ReactNode) => <a href={`/api/posts/${post}/mirror`}>{text}</a>;
	return (
		<p className="pt-3 text-quiet text-sm">
			{t.rich("mirrors.stand", { reached, of: relays.length, a: listing })} {t("mirrors.advisory")}{" "}
			{own && t.rich("mirrors.own", { a: listing })}
		</p>
	);
}
