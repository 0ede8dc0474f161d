"use client";
import type { ReactNode } from "react";
import { IntlProvider } from "use-intl";
import { type Catalogue, forms, type Locale } from ".";

/** Words for what runs in the browser: only the parts that are used below travel there. */
export function Speak({
	locale,
	zone,
	strings,
	children,
}: {
	locale: Locale;
	zone: string;
	strings: Partial<Catalogue>;
	children: ReactNode;
}) {
	return (
		<IntlProvider locale={forms[locale]} timeZone={zone} messages={strings}>
			{children}
		</IntlProvider>
	);
}
