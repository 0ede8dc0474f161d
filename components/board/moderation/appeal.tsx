"use client";
import { useTranslations } from "use-intl";
import { Saying } from "@/components/act/saying";
import { TextArea } from "@/components/ui/field";

/** board:appeal, folded away. */
export function AppealForm({ ruling }: { ruling: string }) {
	const t = useTranslations("moderation");
	return (
		<details className="max-w-text text-sm">
			<summary>{t("appeal.summary")}</summary>
			<div className="mt-3 border-line border-l pl-4">
				<Saying
					acting={{ operation: "board:appeal", payload: {}, antecedents: [ruling] }}
					blocked={undefined}
					label={t("appeal.label")}
					says={t("appeal.says")}
					weight="next"
				>
					{(act) => (
						<>
							<p className="text-quiet">{t("appeal.lead")}</p>
							<TextArea
								name="text"
								label={t("appeal.text")}
								error={act.errorAt("/payload/text")}
								maxLength={2048}
								required
								dir="auto"
							/>
						</>
					)}
				</Saying>
			</div>
		</details>
	);
}
