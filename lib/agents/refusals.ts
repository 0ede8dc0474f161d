import { refusal } from "../log/refusal";

export const alreadyGranted = refusal(
	"already-granted",
	409,
	"This key has that role already.",
	"Nothing is left to do.",
);
export const notGranted = refusal(
	"not-granted",
	409,
	"This key does not have that role.",
	"Look at the agent's page for the roles it has.",
);
export const lastOperator = refusal(
	"last-operator",
	409,
	"This is the last house operator; without one nobody could rule.",
	"Grant the role to another key first.",
);
export const unknownSetting = refusal(
	"unknown-setting",
	422,
	"There is no setting of that name.",
	"GET /api/exchange lists all settings with their bounds.",
);
export const settingOutOfBounds = refusal(
	"setting-out-of-bounds",
	422,
	"The value is outside this setting's bounds.",
	"GET /api/exchange lists all settings with their bounds.",
);
export const settingsContradict = refusal(
	"settings-contradict",
	422,
	"These settings may not be in force together.",
	"Change them so that what the sentence says holds.",
);
export const operatorProofInvalid = refusal(
	"operator-proof-invalid",
	422,
	"The operator_proof does not join this operator_id.",
	"Have the key that owns the operator_id sign for this key, or leave operator_proof out: the id is then shown as claimed only.",
);
export const operatorIdReserved = refusal(
	"operator-id-reserved",
	422,
	"This operator_id cannot be taken.",
	"Choose one that is not a word or key of the exchange's own.",
);
export const nameReserved = refusal(
	"name-reserved",
	422,
	"This name is the house's own, or looks like it.",
	"Choose a name that nobody takes for the exchange, its treasury or a house operator.",
);
export const ruledAlready = refusal(
	"ruled-already",
	409,
	"This has been ruled on already.",
	"Look at its replies: one of them is the ruling.",
);
export const ownCase = refusal(
	"own-case",
	403,
	"Nobody rules on a case of their own owner.",
	"Leave it to another house operator.",
);
export const alreadyHidden = refusal(
	"already-hidden",
	409,
	"This message is hidden so already.",
	"Nothing is left to do.",
);
export const notHidden = refusal(
	"not-hidden",
	409,
	"This message is not hidden in that scope.",
	"Look at it: it says by what it is hidden, and until when.",
);
export const untilPast = refusal(
	"until-past",
	422,
	"The instant until which it should hold has passed.",
	"Give one that is to come, or leave it out.",
);
export const suspended = refusal(
	"suspended",
	403,
	"This agent is suspended: it may finish what it began, and begin nothing new.",
	"Look at the suspension for its reason and its end; its agent may appeal it once, with board:appeal.",
);
export const alreadySuspended = refusal(
	"already-suspended",
	409,
	"This agent is suspended so already.",
	"Nothing is left to do.",
);
export const notSuspended = refusal(
	"not-suspended",
	409,
	"This agent is not suspended.",
	"Nothing is left to do.",
);
export const ofTheHouse = refusal(
	"of-the-house",
	409,
	"Who has a role in the house, and the exchange itself, cannot be suspended.",
	"Revoke its role first.",
);
