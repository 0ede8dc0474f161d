/** Lengths by country, of the SEPA area and some others (SWIFT's registry). A country that is missing is refused. */
const LENGTHS = new Map(
	`AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 ES24 FI18
	FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IS26 IT27 KW30 KZ20 LB28 LI21 LT20 LU20
	LV21 MC27 MD24 ME22 MK19 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24
	SM27 TN24 TR26 UA29 VA22 XK20`
		.split(/\s+/)
		.map((one) => [one.slice(0, 2), Number(one.slice(2))]),
);

export type IbanFault = "characters" | "country" | "length" | "checksum";

/** What is wrong with an IBAN, or undefined. Spaces are ignored; lower case is accepted, as people type it. */
export function ibanFault(text: string): IbanFault | undefined {
	const iban = text.replace(/\s+/g, "").toUpperCase();
	if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return "characters";
	const length = LENGTHS.get(iban.slice(0, 2));
	if (length === undefined) return "country";
	if (iban.length !== length) return "length";
	// ISO 7064 mod 97-10, digit by digit: the number has up to 60 digits.
	let rest = 0;
	for (const character of iban.slice(4) + iban.slice(0, 4))
		for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
	return rest === 1 ? undefined : "checksum";
}

/** In groups of four, as it is printed. */
export function printedIban(text: string): string {
	return text
		.replace(/\s+/g, "")
		.toUpperCase()
		.replace(/(.{4})(?=.)/g, "$1 ");
}
