/**
 * Every number of RULES, "Exchange", with the name under which a house operator changes it (`operator:configure`), its
 * default and its bounds. Rules take the whole row as an argument, so that a replay uses the numbers of that moment.
 * The weights of the seed's reputation table are not here: they are the seed's, not ours.
 */
interface Setting {
	readonly name: `exchange.${string}`;
	readonly byDefault: number;
	readonly min: number;
	readonly max: number;
	/** What it decides, for who changes it. Bp are basis points: 10,000 = the whole. */
	readonly what: string;
}

const setting = (
	name: Setting["name"],
	byDefault: number,
	min: number,
	max: number,
	what: string,
): Setting => ({ name, byDefault, min, max, what });

export const EXCHANGE_NUMBERS = {
	implausibleTokensPerByte: setting(
		"exchange.implausible_tokens_per_byte",
		1_000,
		1,
		1_000_000,
		"a token_cost of more than this for each byte of content is implausible, and the put is rejected",
	),

	// Appraisal: clamp(rate × R × D × I × F, rateMin, rateMax)
	rateBp: setting(
		"exchange.rate_bp",
		7_000,
		0,
		10_000,
		"the part of token_cost that an appraisal begins with, before its factors",
	),
	rateMinBp: setting(
		"exchange.rate_min_bp",
		1_000,
		0,
		10_000,
		"least part of token_cost that an appraisal comes to",
	),
	rateMaxBp: setting(
		"exchange.rate_max_bp",
		8_500,
		0,
		10_000,
		"largest part of token_cost that an appraisal comes to",
	),
	demandPriorBuys: setting(
		"exchange.demand_prior_buys",
		20,
		1,
		100_000,
		"buys spread evenly over the inventory that are added to those of the week, so that one buy does not swing every appraisal",
	),
	crowdedEntries: setting(
		"exchange.crowded_entries",
		50,
		1,
		100_000,
		"at so many live entries of the same type and domain an appraisal has lost its fifth",
	),
	ageDays: setting(
		"exchange.age_days",
		60,
		1,
		3_650,
		"appraisal and price fall to half while content grows this old",
	),

	// What is paid at put-accept, and from what
	advanceBp: setting(
		"exchange.advance_bp",
		2_500,
		0,
		10_000,
		"the part of an appraisal that is paid when a put is accepted",
	),
	advancePerTokenMilli: setting(
		"exchange.advance_per_token_milli",
		17_500,
		0,
		10_000_000,
		"that part is counted on at most this, in thousandths of a scrip, for each token of the content",
	),
	lineScrip: setting(
		"exchange.line_scrip",
		2_000,
		0,
		1_000_000_000,
		"what an owner may be advanced before its sales have earned anything",
	),
	lineVouchedScrip: setting(
		"exchange.line_vouched_scrip",
		20_000,
		0,
		1_000_000_000,
		"the same for a vouched owner",
	),
	lambdaBp: setting(
		"exchange.lambda_bp",
		8_500,
		0,
		10_000,
		"the part of what the treasury keeps of an owner's sales that its line grows by",
	),
	fadeDays: setting("exchange.fade_days", 30, 1, 3_650, "an unused record loses one part in this many a day"),
	advanceReleaseBp: setting(
		"exchange.advance_release_bp",
		500,
		0,
		10_000,
		"the part of what the treasury holds above its reserve that goes into a day's advance budget",
	),
	treasuryReserveBp: setting(
		"exchange.treasury_reserve_bp",
		3_000,
		0,
		10_000,
		"the part of the float from which a day's advance budget takes nothing",
	),
	treasuryFloorBp: setting(
		"exchange.treasury_floor_bp",
		2_500,
		0,
		10_000,
		"the part of the float from which no put is paid at all",
	),
	midnightBp: setting(
		"exchange.advance_midnight_bp",
		2_500,
		0,
		10_000,
		"the part of a day's advance budget that is free at 00:00 UTC; the rest comes by the hour",
	),
	beyondRecordBp: setting(
		"exchange.advance_beyond_record_bp",
		5_000,
		0,
		10_000,
		"at most this part of the free budget goes to owners beyond their own record",
	),
	firstScripsBp: setting(
		"exchange.first_scrips_bp",
		100,
		0,
		10_000,
		"first scrips of new owners in a day together: at most this part of the float",
	),

	// Resale price
	savingBp: setting(
		"exchange.saving_bp",
		8_000,
		0,
		10_000,
		"a price is at most this part of the token_cost it saves",
	),
	resaleBp: setting(
		"exchange.resale_bp",
		7_500,
		0,
		100_000,
		"the part of its appraisal that an entry is sold for, before the factors of its price",
	),
	demandStepBp: setting(
		"exchange.demand_step_bp",
		1_000,
		0,
		100_000,
		"what each distinct owner with standing that bought an entry adds to its price",
	),
	demandMaxBp: setting(
		"exchange.demand_max_bp",
		20_000,
		10_000,
		1_000_000,
		"the most that demand multiplies a price by",
	),
	tierHotBp: setting(
		"exchange.tier_hot_bp",
		15_000,
		1,
		1_000_000,
		"what a buyer that asks for the hot tier pays, as a part of the price",
	),
	tierWarmBp: setting("exchange.tier_warm_bp", 12_000, 1, 1_000_000, "the same for the warm tier"),
	tierColdBp: setting("exchange.tier_cold_bp", 10_000, 1, 1_000_000, "the same for the cold tier"),
	derivativeBp: setting(
		"exchange.derivative_bp",
		12_000,
		1,
		1_000_000,
		"a compressed entry's price for each byte, as a part of its source's",
	),

	// Split
	burnBp: setting("exchange.burn_bp", 200, 0, 5_000, "the part of every sale that is burned"),
	earnOutBp: setting(
		"exchange.earn_out_bp",
		5_000,
		1,
		5_000,
		"the part of a sale that goes to the author until the appraisal is reached",
	),
	residualBp: setting(
		"exchange.residual_bp",
		1_000,
		0,
		5_000,
		"the part of a sale that goes to the author from then on",
	),
	maintenanceBp: setting(
		"exchange.maintenance_bp",
		1_000,
		0,
		10_000,
		"at most this part of what is left of a sale goes to those who maintain the entry",
	),

	// Reputation
	reputationWithoutStanding: setting(
		"exchange.reputation_without_standing",
		10,
		0,
		100,
		"the most reputation that a seller gets from all buyers without standing together",
	),
	reputationPerBuyer: setting(
		"exchange.reputation_per_buyer",
		8,
		0,
		100,
		"the most reputation that one buying owner gives one seller in 30 days",
	),

	// Gates
	completionMinDeliveries: setting(
		"exchange.completion_min_deliveries",
		5,
		1,
		1_000_000,
		"the completion gate judges an entry from so many deliveries on",
	),
	completionMinBp: setting(
		"exchange.completion_min_bp",
		5_000,
		0,
		10_000,
		"it shuts below this part of deliveries completed",
	),
	conversionMinPreviews: setting(
		"exchange.conversion_min_previews",
		10,
		1,
		1_000_000,
		"the conversion gate judges an entry from so many previews on",
	),
	conversionMinBp: setting(
		"exchange.conversion_min_bp",
		500,
		0,
		10_000,
		"it shuts below this part of previews that led to a completion",
	),
	disputersToGate: setting(
		"exchange.disputers_to_gate",
		3,
		1,
		1_000_000,
		"so many distinct disputers of small content shut the disputes gate",
	),
	standingBehindGate: setting(
		"exchange.standing_behind_gate",
		2,
		0,
		1_000_000,
		"a gate with fewer owners with standing behind it is provisional",
	),

	// Allowances
	smallDisputesPerDay: setting(
		"exchange.small_disputes_per_day",
		5,
		0,
		1_000_000,
		"small-content-disputes a buyer may file in 24 hours",
	),
	smallDisputesFree: setting(
		"exchange.small_disputes_free",
		10,
		0,
		1_000_000,
		"automatic refunds of an owner that count nothing",
	),
	smallDisputesBp: setting(
		"exchange.small_disputes_bp",
		2_500,
		0,
		10_000,
		"later ones stay within this part of what it completed at sellers with standing in 30 days",
	),
	unsoldEntries: setting(
		"exchange.unsold_entries",
		60,
		0,
		1_000_000,
		"live entries without a sale that an owner may have",
	),
	unsoldEntriesPerSale: setting(
		"exchange.unsold_entries_per_sale",
		10,
		0,
		1_000_000,
		"so many more for each sale to standing in 30 days",
	),
	openDisputes: setting("exchange.open_disputes", 3, 0, 1_000_000, "disputes an owner may have open"),
	openDisputesDeclined: setting(
		"exchange.open_disputes_declined",
		1,
		0,
		1_000_000,
		"the same for 30 days after one was declined",
	),
	openReservations: setting(
		"exchange.open_reservations",
		5,
		0,
		1_000_000,
		"purchases an owner may have reserved and not yet received",
	),
} as const satisfies Record<string, Setting>;

export type Numbers = { readonly [K in keyof typeof EXCHANGE_NUMBERS]: number };

/** The numbers in force, read by setting name, e.g. from the state's settings. */
export function numbersFrom(read: (name: string, byDefault: number) => number): Numbers {
	return Object.fromEntries(
		Object.entries(EXCHANGE_NUMBERS).map(([key, { name, byDefault }]) => [key, read(name, byDefault)]),
	) as Numbers;
}

export const DEFAULT_NUMBERS: Numbers = numbersFrom((_, byDefault) => byDefault);

/**
 * Why these numbers may not be put in force, as one sentence, or undefined. Bounds of single numbers are in the table;
 * these are the sums. With λ + β above 1 a ring that trades with itself is paid for it (simulated: +271 scrip a day at 1.10).
 */
export function numbersFault(numbers: Numbers): string | undefined {
	for (const [key, { name, min, max }] of Object.entries(EXCHANGE_NUMBERS)) {
		const value = numbers[key as keyof Numbers];
		if (!Number.isInteger(value) || value < min || value > max)
			return `${name} must be a whole number from ${min} to ${max}.`;
	}
	if (numbers.lambdaBp + numbers.maintenanceBp > 10_000)
		return "exchange.lambda_bp and exchange.maintenance_bp together must not exceed 10000: the exchange would give back more of a sale than it kept.";
	if (numbers.burnBp + Math.max(numbers.earnOutBp, numbers.residualBp) > 10_000)
		return "exchange.burn_bp and the author's share together must not exceed 10000.";
	if (numbers.rateMinBp > numbers.rateMaxBp)
		return "exchange.rate_min_bp must not exceed exchange.rate_max_bp.";
	if (numbers.treasuryFloorBp > numbers.treasuryReserveBp)
		return "exchange.treasury_floor_bp must not exceed exchange.treasury_reserve_bp: the day's budget would reach below the floor.";
	return undefined;
}
