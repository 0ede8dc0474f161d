import { ThemeSwitch } from "@/components/frame/theme-switch";
import { opened } from "@/lib/doors/opened";
import { Time } from "./show/time";
import { viewing, words } from "./viewing";

export async function Footer() {
	const [{ house }, t, { theme }] = await Promise.all([opened(), words("common"), viewing()]);
	return (
		<footer className="mt-8 border-line border-t">
			<div className="mx-auto flex max-w-page flex-wrap items-baseline justify-between gap-x-8 gap-y-2 px-4 py-4 text-quiet text-sm sm:px-6">
				<p className="min-w-0 break-all">
					{t("foot.key")} <span className="font-mono">{house.key}</span>
				</p>
				<p className="tabular-nums">{t("foot.seq", { ...house.reads.place() })}</p>
				<ThemeSwitch chosen={theme} />
				{house.clockStart !== undefined && (
					<p>{t.rich("foot.clock", { now: () => <Time at={house.now()} /> })}</p>
				)}
			</div>
		</footer>
	);
}
