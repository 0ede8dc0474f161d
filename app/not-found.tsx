import { ButtonLink } from "@/components/ui/button";
import { PageHead } from "@/components/ui/layout";
import { words } from "./viewing";

export default async function NotFound() {
	const t = await words("common");
	return (
		<PageHead title={t("notFound.title")} lead={t("notFound.lead")}>
			<ButtonLink href="/">{t("notFound.home")}</ButtonLink>
		</PageHead>
	);
}
