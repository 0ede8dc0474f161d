"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/layout";

export default function Failed({ reset }: { reset(): void }) {
	const t = useTranslations("common");
	return (
		<PageHead title={t("failed.title")} lead={t("failed.lead")}>
			<Button onClick={reset}>{t("failed.again")}</Button>
		</PageHead>
	);
}
