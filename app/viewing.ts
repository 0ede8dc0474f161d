import { cookies } from "next/headers";
import { cache, type ReactNode } from "react";
import { createFormatter, createTranslator } from "use-intl/core";
import { type Catalogue, catalogues, forms, type Locale, type Part } from "@/components/strings";

export interface Viewing {
	locale: Locale;
	/** IANA name; UTC until the browser has told its own. */
	zone: string;
	theme: "light" | "dark" | undefined;
}

/** How this reader looks at pages, told by cookies that hold nothing else. */
export const viewing = cache(async (): Promise<Viewing> => {
	const jar = await cookies();
	const theme = jar.get("theme")?.value;
	return {
		locale: "en",
		zone: zoneOf(jar.get("zone")?.value),
		theme: theme === "light" || theme === "dark" ? theme : undefined,
	};
});

function zoneOf(name: string | undefined): string {
	if (name === undefined || !/^[A-Za-z0-9_+\-/]{1,64}$/.test(name)) return "UTC";
	try {
		// Kept by the name that the browser gave: another name of the same zone would be told again and again.
		new Intl.DateTimeFormat("en", { timeZone: name });
		return name;
	} catch {
		return "UTC";
	}
}

/** A part of the catalogue, to speak with on the server. */
export async function words<P extends Part>(part: P) {
	const { locale } = await viewing();
	const t = createTranslator<Catalogue, P>({ locale, messages: catalogues[locale], namespace: part });
	const { rich } = t;
	return Object.assign(t, {
		rich: ((...asked) => filled(rich(...asked))) as typeof rich,
	});
}

/** A slot `{when}` given as a function is filled like a tag `<when></when>`: the catalogue need not tell them apart. */
function filled(said: ReactNode): ReactNode {
	if (typeof said === "function") return (said as () => ReactNode)();
	return Array.isArray(said) ? said.map(filled) : said;
}

export async function formats() {
	const { locale, zone } = await viewing();
	return createFormatter({ locale: forms[locale], timeZone: zone });
}

/** The parts of the catalogue that travel to the browser. */
export async function stringsOf(...parts: Part[]): Promise<Partial<Catalogue>> {
	const { locale } = await viewing();
	const whole = catalogues[locale];
	return Object.fromEntries(parts.map((part) => [part, whole[part]]));
}
