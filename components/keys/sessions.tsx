"use client";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { end } from "@/app/sessions";
import { Button } from "@/components/ui/button";
import type { SessionView } from "@/lib/doors/sessions";

export function Sessions({ sessions }: { sessions: SessionView[] }) {
	const t = useTranslations("key");
	const format = useFormatter();
	const router = useRouter();
	const [busy, act] = useTransition();
	const ending = (id?: string, own = false) =>
		act(async () => {
			await end(id);
			if (id === undefined || own) {
				const { signOut } = await import("next-auth/react");
				await signOut({ redirect: false });
			}
			router.refresh();
		});
	const when = (at: number) =>
		format.dateTime(at, {
			day: "numeric",
			month: "short",
			hour: "2-digit",
			minute: "2-digit",
			hourCycle: "h23",
		});
	return (
		<div className="flex flex-col gap-3">
			<ul className="divide-y divide-line border-line border-y">
				{sessions.map(({ id, madeAt, madeBy, expiresAt, own }) => (
					<li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
						<span className="min-w-0">
							<span className="break-words">{own ? t("thisOne") : madeBy || t("unknownDevice")}</span>{" "}
							<span className="text-quiet text-sm">
								{t("since", { when: when(madeAt) })}, {t("ends", { when: when(expiresAt) })}
							</span>
						</span>
						<Button small disabled={busy} onClick={() => ending(id, own)}>
							{own ? t("signOut") : t("end")}
						</Button>
					</li>
				))}
			</ul>
			<div>
				<Button disabled={busy} onClick={() => ending()}>
					{t("signOutEverywhere")}
				</Button>
			</div>
		</div>
	);
}
