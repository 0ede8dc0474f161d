import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance } from "./advance";
import { dayAfterAdvance, dayAfterFirstScrip, openAdvanceDay } from "./advance-budget";
import { micro, partOf, wholeScrip } from "./fixed-point";
import { fade, type Line, lineAfterAdvance, lineAfterSale, newLine } from "./line";
import { DEFAULT_NUMBERS, type Numbers, numbersFault } from "./numbers";
import { appraise } from "./put-price";
import { resalePrice } from "./resale-price";
import { split } from "./split";

interface Owner {
	line: Line;
	hotMicro: bigint;
	hasPut: boolean;
}

interface Entry {
	seller: string;
	appraisalMicro: bigint;
	paidMicro: bigint;
	priceScrip: number;
}

/** The rules put together to an exchange without messages: days, puts and sales, everything else left out. */
class Market {
	day = 0;
	hourOfDay = 0;
	treasuryMicro: bigint;
	today;
	private readonly owners = new Map<string, Owner>();
	private readonly sharesMicro: bigint[] = [0n];

	constructor(
		readonly floatMicro: bigint,
		readonly numbers: Numbers = DEFAULT_NUMBERS,
		readonly vouched: (owner: string) => boolean = () => false,
	) {
		this.treasuryMicro = floatMicro;
		this.today = this.openDay();
	}

	owner(name: string): Owner {
		const known = this.owners.get(name) ?? { line: newLine(this.day), hotMicro: 0n, hasPut: false };
		known.line = fade(known.line, this.day, this.numbers);
		this.owners.set(name, known);
		return known;
	}

	put(seller: string, tokenCost: number, contentTokens: number): Entry & { advanceScrip: number } {
		const owner = this.owner(seller);
		const demand = { buysOfType: 0, liveOfType: 0, buysOfAll: 0, liveOfAll: 0 };
		const { appraisalScrip } = appraise(
			{ tokenCost, reputation: 50, demand, liveSiblings: 0, contentAgeMs: 0 },
			this.numbers,
		);
		const paid = advance(
			{
				appraisalScrip,
				contentTokens,
				nearDuplicate: false,
				firstPut: !owner.hasPut,
				vouched: this.vouched(seller),
				line: owner.line,
				today: this.today,
				hourOfDay: this.hourOfDay,
				treasuryMicro: this.treasuryMicro,
				floatMicro: this.floatMicro,
			},
			this.numbers,
		);
		owner.hasPut = true;
		owner.line = lineAfterAdvance(owner.line, paid.advancedMicro);
		owner.hotMicro += micro(paid.priceScrip);
		this.treasuryMicro -= micro(paid.priceScrip);
		this.today = dayAfterFirstScrip(
			dayAfterAdvance(this.today, paid.advancedMicro, paid.recordMicro),
			paid.firstScripMicro,
		);
		const one = 1_000_000;
		const factors = { ageMs: 0, reputation: 50, momentumPpm: one, clusterPpm: one, globalPpm: one };
		return {
			seller,
			appraisalMicro: micro(paid.appraisalScrip),
			paidMicro: micro(paid.priceScrip),
			priceScrip: resalePrice(
				{ tokenCost, appraisalScrip: paid.appraisalScrip, standingBuyers: 0, ...factors },
				this.numbers,
			),
			advanceScrip: paid.priceScrip,
		};
	}

	/** Nothing happens when the buyer cannot pay. */
	buy(buyer: string, entry: Entry, workers: string[] = []): void {
		const priceMicro = micro(entry.priceScrip);
		const buying = this.owner(buyer);
		if (buyer === entry.seller || buying.hotMicro < priceMicro) return;
		buying.hotMicro -= priceMicro;

		const parts = split({ ...entry, priceMicro, buyer, workers }, this.numbers);
		const seller = this.owner(entry.seller);
		seller.hotMicro += parts.earnOutMicro + parts.residualMicro;
		seller.line = lineAfterSale(seller.line, parts.keptMicro, this.numbers);
		entry.paidMicro += parts.earnOutMicro;
		for (const { owner, amountMicro } of parts.maintenance) this.owner(owner).hotMicro += amountMicro;
		this.treasuryMicro += parts.treasuryMicro;
		this.sharesMicro[this.day]! += parts.treasuryMicro;
	}

	nextDay(): void {
		this.day++;
		this.hourOfDay = 0;
		this.sharesMicro.push(0n);
		this.today = this.openDay();
	}

	wealthMicro(names: string[]): bigint {
		return names.reduce((sum, name) => sum + this.owner(name).hotMicro, 0n);
	}

	private openDay() {
		const week = this.sharesMicro.slice(-8, -1).reduce((sum, share) => sum + share, 0n);
		return openAdvanceDay(
			this.day,
			{ treasurySharesMicro: week, treasuryMicro: this.treasuryMicro, floatMicro: this.floatMicro },
			this.numbers,
		);
	}
}

/** The same dice on every machine. */
function dice(seed: number): (n: number) => number {
	let state = seed;
	return (n) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor(state / 65_536) % n;
	};
}

const FLOAT = micro(200_000);
const OUTSIDE = "outside";

/** Forty honest sellers, two puts a day each; an entry that hits is bought three times, by outsiders with their own scrip. */
function honestDay(market: Market, hitPercent: number, roll: (n: number) => number): number {
	let advancesScrip = 0;
	for (let i = 0; i < 80; i++) {
		market.hourOfDay = Math.floor((i * 24) / 80);
		const tokenCost = 2_000 + roll(18_000);
		const entry = market.put(`honest ${i % 40}`, tokenCost, Math.ceil(tokenCost / (5 + roll(25))));
		advancesScrip += entry.advanceScrip;
		if (roll(100) >= hitPercent) continue;
		for (let sale = 0; sale < 3; sale++) {
			market.owner(OUTSIDE).hotMicro += micro(entry.priceScrip);
			market.buy(OUTSIDE, entry);
		}
	}
	return advancesScrip;
}

describe("a year of honest agents", () => {
	test.each([5, 15, 40])("never dries the exchange at a hit rate of %i %%", (hitPercent) => {
		const market = new Market(FLOAT);
		const roll = dice(hitPercent);
		for (; market.day < 365; market.nextDay()) {
			expect(honestDay(market, hitPercent, roll)).toBeGreaterThan(0);
			expect(market.treasuryMicro).toBeGreaterThan(partOf(FLOAT, 2_500));
		}
	});

	test("would dry it within a week with 70 % up front, and neither line nor budget", () => {
		const generous = {
			...DEFAULT_NUMBERS,
			advanceBp: 7_000,
			lineScrip: 1_000_000_000,
			advanceReleaseBp: 10_000,
			treasuryReserveBp: 2_500,
			midnightBp: 10_000,
			beyondRecordBp: 10_000,
		};
		const market = new Market(FLOAT, generous);
		const roll = dice(5);
		let lowestScrip = wholeScrip(FLOAT);
		for (; market.day < 7; market.nextDay()) {
			honestDay(market, 5, roll);
			lowestScrip = Math.min(lowestScrip, wholeScrip(market.treasuryMicro));
		}
		expect(lowestScrip).toBeLessThanOrEqual(wholeScrip(partOf(FLOAT, 2_510)));
	});

	test("goes on beside a flood of new names, which takes less than 2 % of the float a day in advances and a hundredth in first scrips", () => {
		const floatMicro = 100n * FLOAT;
		const market = new Market(floatMicro);
		const roll = dice(1);
		for (; market.day < 60; market.nextDay()) {
			for (const hour of [0, 23]) {
				market.hourOfDay = hour;
				for (let i = 0; i < 400; i++) market.put(`flood ${market.day} ${hour} ${i}`, 1_000_000, 50_000);
			}
			const { spentMicro, beyondRecordMicro, budgetMicro, firstScripsMicro } = market.today;
			expect(spentMicro).toBe(beyondRecordMicro);
			expect(2n * beyondRecordMicro).toBeLessThanOrEqual(budgetMicro);
			expect(spentMicro).toBeLessThan(partOf(floatMicro, 200));
			expect(firstScripsMicro).toBeLessThanOrEqual(partOf(floatMicro, 100));
			expect(honestDay(market, 5, roll)).toBeGreaterThan(0);
		}
	});
});

const RING = ["seller", "buyer", "worker"];
const CAPITAL = micro(20_000);
const FARM_DAYS = 120;
/** All that a ring may ever gain: its first lines and its first scrips. */
const first = (vouched: number) =>
	BigInt(RING.length) * micro(DEFAULT_NUMBERS.lineScrip + 1) +
	BigInt(vouched) * micro(DEFAULT_NUMBERS.lineVouchedScrip - DEFAULT_NUMBERS.lineScrip);
const FIRST = first(0);

/**
 * A ring that has read these rules. It sells worn-out entries to itself (A is reached, so no sale fills an earn-out first),
 * lets its third name collect the maintenance, and turns every bit of line into scrip by large puts. `restDays`: how long it
 * waits between two rounds of trade; the less it trades, the less it loses.
 */
function farm(market: Market, restDays: number): bigint {
	market.owner("buyer").hotMicro = CAPITAL;
	const wornOut = RING.map((name) => ({ ...market.put(name, 10_000, 40_000), appraisalMicro: 0n }));
	for (; market.day < FARM_DAYS; market.nextDay()) {
		market.hourOfDay = 23;
		for (const entry of market.day % restDays === 0 ? wornOut : []) {
			for (let round = 0; round < 4; round++) market.buy("buyer", entry, ["worker"]);
		}
		for (const name of RING) {
			market.put(name, 5_000_000, 200_000);
			if (name === "buyer") continue;
			market.owner("buyer").hotMicro += market.owner(name).hotMicro;
			market.owner(name).hotMicro = 0n;
		}
	}
	return market.wealthMicro(RING) - CAPITAL;
}

describe("a ring that trades with itself", () => {
	test.each([1, 7, 30, 1_000])(
		"every %i days gains no more than its first lines and first scrips",
		(restDays) => {
			expect(farm(new Market(FLOAT), restDays)).toBeLessThanOrEqual(FIRST);
		},
	);

	test.each([
		[10_000, 0],
		[5_000, 5_000],
		[0, 10_000],
	])(
		"gains no more either with λ at %i and β at %i, which may be in force together",
		(lambdaBp, maintenanceBp) => {
			const numbers = { ...DEFAULT_NUMBERS, lambdaBp, maintenanceBp };
			expect(numbersFault(numbers)).toBeUndefined();
			for (const restDays of [1, 7, 1_000])
				expect(farm(new Market(FLOAT, numbers), restDays)).toBeLessThanOrEqual(FIRST);
		},
	);

	test("would gain without end if the exchange gave back more than it kept, which is why such numbers are refused", () => {
		const generous = { ...DEFAULT_NUMBERS, lambdaBp: 10_000, maintenanceBp: 1_000 };
		expect(numbersFault(generous)).toBeDefined();
		expect(farm(new Market(FLOAT, generous), 1)).toBeGreaterThan(2n * FIRST);
	});

	test("gains no more by any random course of puts, sales and days", () => {
		const name = fc.constantFrom(...RING);
		const act = fc.oneof(
			fc.record({
				put: name,
				tokenCost: fc.integer({ min: 1, max: 5_000_000 }),
				tokens: fc.integer({ min: 1, max: 200_000 }),
			}),
			fc.record({ buy: name, which: fc.nat(20), workers: fc.subarray(RING) }),
			fc.record({ wait: fc.integer({ min: 1, max: 10 }) }),
		);
		fc.assert(
			fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
				const market = new Market(FLOAT);
				for (const one of RING) market.owner(one).hotMicro = CAPITAL;
				const entries: Entry[] = [];
				for (const one of acts) {
					market.hourOfDay = 23;
					if ("put" in one) entries.push(market.put(one.put, one.tokenCost, one.tokens));
					else if ("wait" in one) for (let i = 0; i < one.wait; i++) market.nextDay();
					else if (entries.length > 0) market.buy(one.buy, entries[one.which % entries.length]!, one.workers);
				}
				expect(market.wealthMicro(RING) - 3n * CAPITAL).toBeLessThanOrEqual(FIRST);
			}),
			{ numRuns: 200 },
		);
	});

	test.each([30, 1_000])(
		"every %i days gains no more either where the house has vouched for it",
		(restDays) => {
			const gained = farm(new Market(10n * FLOAT, DEFAULT_NUMBERS, () => true), restDays);
			expect(gained).toBeGreaterThan(first(0));
			expect(gained).toBeLessThanOrEqual(first(RING.length));
		},
	);
});
