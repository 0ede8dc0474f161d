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
}

const setting = (name: Setting["name"], byDefault: number, min: number, max: number): Setting => ({
	name,
	byDefault,
	min,
	max,
});

export const EXCHANGE_NUMBERS = {
	implausibleTokensPerByte: setting("exchange.implausible_tokens_per_byte", 1_000, 1, 1_000_000),

	// Appraisal: clamp(rate × R × D × I × F, rateMin, rateMax)
	rateBp: setting("exchange.rate_bp", 7_000, 0, 10_000),
	rateMinBp: setting("exchange.rate_min_bp", 1_000, 0, 10_000),
	rateMaxBp: setting("exchange.rate_max_bp", 8_500, 0, 10_000),
	demandPriorBuys: setting("exchange.demand_prior_buys", 20, 1, 100_000),
	crowdedEntries: setting("exchange.crowded_entries", 50, 1, 100_000),
	ageDays: setting("exchange.age_days", 60, 1, 3_650),

	// What is paid at put-accept, and from what
	advanceBp: setting("exchange.advance_bp", 2_500, 0, 10_000),
	advancePerTokenMilli: setting("exchange.advance_per_token_milli", 17_500, 0, 10_000_000),
	lineScrip: setting("exchange.line_scrip", 2_000, 0, 1_000_000_000),
	lineVouchedScrip: setting("exchange.line_vouched_scrip", 20_000, 0, 1_000_000_000),
	lambdaBp: setting("exchange.lambda_bp", 8_500, 0, 10_000),
	fadeDays: setting("exchange.fade_days", 30, 1, 3_650),
	advanceReleaseBp: setting("exchange.advance_release_bp", 500, 0, 10_000),
	treasuryReserveBp: setting("exchange.treasury_reserve_bp", 3_000, 0, 10_000),
	treasuryFloorBp: setting("exchange.treasury_floor_bp", 2_500, 0, 10_000),
	midnightBp: setting("exchange.advance_midnight_bp", 2_500, 0, 10_000),
	beyondRecordBp: setting("exchange.advance_beyond_record_bp", 5_000, 0, 10_000),
	firstScripsBp: setting("exchange.first_scrips_bp", 100, 0, 10_000),

	// Resale price
	savingBp: setting("exchange.saving_bp", 8_000, 0, 10_000),
	resaleBp: setting("exchange.resale_bp", 7_500, 0, 100_000),
	demandStepBp: setting("exchange.demand_step_bp", 1_000, 0, 100_000),
	demandMaxBp: setting("exchange.demand_max_bp", 20_000, 10_000, 1_000_000),
	tierHotBp: setting("exchange.tier_hot_bp", 15_000, 1, 1_000_000),
	tierWarmBp: setting("exchange.tier_warm_bp", 12_000, 1, 1_000_000),
	tierColdBp: setting("exchange.tier_cold_bp", 10_000, 1, 1_000_000),
	derivativeBp: setting("exchange.derivative_bp", 12_000, 1, 1_000_000),

	// Split
	burnBp: setting("exchange.burn_bp", 200, 0, 5_000),
	earnOutBp: setting("exchange.earn_out_bp", 5_000, 1, 5_000),
	residualBp: setting("exchange.residual_bp", 1_000, 0, 5_000),
	maintenanceBp: setting("exchange.maintenance_bp", 1_000, 0, 10_000),

	// Reputation
	reputationWithoutStanding: setting("exchange.reputation_without_standing", 10, 0, 100),
	reputationPerBuyer: setting("exchange.reputation_per_buyer", 8, 0, 100),

	// Gates
	completionMinDeliveries: setting("exchange.completion_min_deliveries", 5, 1, 1_000_000),
	completionMinBp: setting("exchange.completion_min_bp", 5_000, 0, 10_000),
	conversionMinPreviews: setting("exchange.conversion_min_previews", 10, 1, 1_000_000),
	conversionMinBp: setting("exchange.conversion_min_bp", 500, 0, 10_000),
	disputersToGate: setting("exchange.disputers_to_gate", 3, 1, 1_000_000),
	standingBehindGate: setting("exchange.standing_behind_gate", 2, 0, 1_000_000),

	// Allowances
	smallDisputesPerDay: setting("exchange.small_disputes_per_day", 5, 0, 1_000_000),
	smallDisputesFree: setting("exchange.small_disputes_free", 10, 0, 1_000_000),
	smallDisputesBp: setting("exchange.small_disputes_bp", 2_500, 0, 10_000),
	unsoldEntries: setting("exchange.unsold_entries", 60, 0, 1_000_000),
	unsoldEntriesPerSale: setting("exchange.unsold_entries_per_sale", 10, 0, 1_000_000),
	openDisputes: setting("exchange.open_disputes", 3, 0, 1_000_000),
	openDisputesDeclined: setting("exchange.open_disputes_declined", 1, 0, 1_000_000),
	openReservations: setting("exchange.open_reservations", 5, 0, 1_000_000),
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
