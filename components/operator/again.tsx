"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useTranslations } from "use-intl";
import { again } from "@/app/operator/again";
import { Button } from "@/components/ui/button";

/** Takes a parked duty up again. No message: what the exchange then says is one. */
export function Again({ duty }: { duty: string }) {
	const t = useTranslations("operator");
	const router = useRouter();
	const [busy, start] = useTransition();
	const [said, setSaid] = useState<string>();
	return (
		<span className="inline-flex flex-col items-end gap-1">
			<Button
				small
				disabled={busy}
				onClick={() =>
					start(async () => {
						setSaid((await again(duty)) ? t("health.tried") : t("health.notTried"));
						router.refresh();
					})
				}
			>
				{t("health.again")}
			</Button>
			<span role="status" className="text-quiet text-sm">
				{said}
			</span>
		</span>
	);
}
