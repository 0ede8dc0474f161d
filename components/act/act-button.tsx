"use client";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button, type Weight } from "@/components/ui/button";
import { type Acting, useAct } from "./act";
import { MessageDetails, Signing } from "./signing";

/**
 * An act that needs no more words than are here already: one sentence of what is signed, one press. What moves money or cannot be
 * undone shows first what will change (`look`).
 */
export function ActButton({
	acting,
	says,
	label,
	weight = "plain",
	look = false,
	wait = 0,
	why,
	to,
	small = false,
}: {
	acting: Acting;
	says: ReactNode;
	label: ReactNode;
	weight?: Weight;
	look?: boolean;
	/** Seconds to wait for the exchange's answer. */
	wait?: number;
	/** Why it cannot be done now. */
	why?: string;
	/** Where to go once it is recorded. */
	to?: string;
	small?: boolean;
}) {
	const t = useTranslations("act");
	const router = useRouter();
	const act = useAct({ wait, onRecorded: () => to !== undefined && router.push(to) });
	const begin = () => (look ? act.look(acting) : act.sign(acting));
	return (
		<div className="flex flex-col gap-2">
			{act.step.is !== "review" && act.step.is !== "recorded" && (
				<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
					<Button
						weight={weight}
						small={small}
						why={why}
						disabled={act.busy || why !== undefined}
						onClick={begin}
					>
						{label}
					</Button>
					{!small && why === undefined && (
						<span className="text-quiet text-sm">
							{t("youSign")}: {says}
						</span>
					)}
				</div>
			)}
			{!look && !small && why === undefined && act.step.is === "idle" && <MessageDetails acting={acting} />}
			<Signing act={act} says={says} label={label} />
		</div>
	);
}
