/**
 * Amounts of money as whole minor units (cents) in bigint, never as floats: 0.1 + 0.2 is not 0.3, and a total that is off
 * by a cent costs an afternoon. Splitting gives away every unit exactly once.
 */
export interface Money {
	/** ISO 4217. */
	currency: string;
	minor: bigint;
}

/** Currencies without two digits behind the point (ISO 4217). */
const NO_DIGITS = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const THREE_DIGITS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));
const digitsOf = (currency: string) => (NO_DIGITS.has(currency) ? 0 : THREE_DIGITS.has(currency) ? 3 : 2);

/** "1234.5" or "-0.05", a point and no thousands separators. Throws when the currency has fewer digits than were given. */
export function parseMoney(text: string, currency: string): Money {
	const digits = digitsOf(currency);
	const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
	if (whole === undefined) throw new RangeError(`not an amount: ${text}`);
	if (fraction.length > digits)
		throw new RangeError(`${currency} has ${digits} digits behind the point: ${text}`);
	const minor = BigInt(whole + fraction.padEnd(digits, "0"));
	return { currency, minor: sign ? -minor : minor };
}

export function printMoney({ currency, minor }: Money): string {
	const digits = digitsOf(currency);
	const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
	const whole = text.slice(0, text.length - digits);
	return `${minor < 0n ? "-" : ""}${digits === 0 ? whole : `${whole}.${text.slice(-digits)}`}`;
}

/**
 * Divides an amount by weights, without losing or making a unit: everybody gets the part rounded towards zero, then the
 * units left go to the largest remainders, of equal ones to the earlier. Weights are whole and not negative.
 *
 *     split(parseMoney("100.00", "EUR"), [1n, 1n, 1n])     33.34  33.33  33.33
 */
export function split({ currency, minor }: Money, weights: readonly bigint[]): Money[] {
	const total = weights.reduce((sum, weight) => sum + weight, 0n);
	if (total <= 0n || weights.some((weight) => weight < 0n))
		throw new RangeError("weights must be 0 or more, and not all 0");
	const sign = minor < 0n ? -1n : 1n;
	const amount = minor * sign;
	const parts = weights.map((weight, i) => ({
		i,
		minor: (amount * weight) / total,
		remainder: (amount * weight) % total,
	}));
	let left = amount - parts.reduce((sum, part) => sum + part.minor, 0n);
	const byRemainder = [...parts].sort((a, b) =>
		a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1,
	);
	for (const part of byRemainder) {
		if (left === 0n) break;
		part.minor++;
		left--;
	}
	return parts.map((part) => ({ currency, minor: part.minor * sign }));
}

/** `amount × numerator ÷ denominator`, rounded half away from zero: tax, discounts, exchange. Round once, at the end. */
export function scale({ currency, minor }: Money, numerator: bigint, denominator: bigint): Money {
	if (denominator <= 0n) throw new RangeError("the denominator must be positive");
	const product = minor * numerator;
	const away = product < 0n ? -1n : 1n;
	return { currency, minor: (2n * product + away * denominator) / (2n * denominator) };
}
