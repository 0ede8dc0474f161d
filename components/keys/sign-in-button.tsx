"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useKeys } from "./keys";

export function SignInButton() {
	const t = useTranslations("key");
	const { speaker } = useKeys();
	return (
		<Button small onClick={() => speaker()}>
			{t("anonymous")}
		</Button>
	);
}
