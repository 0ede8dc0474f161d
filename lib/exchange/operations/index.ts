import type { Operation } from "../../log/operation";
import { buy } from "./buy";
import { clear } from "./clear";
import { match } from "./match";
import { put } from "./put";
import { autoComplete } from "./settle/auto-complete";
import { buyerAccept } from "./settle/buyer-accept";
import { buyerReject } from "./settle/buyer-reject";
import { complete } from "./settle/complete";
import { deliver } from "./settle/deliver";
import { dispute } from "./settle/dispute";
import { evidence } from "./settle/evidence";
import { preview } from "./settle/preview";
import { previewRequest } from "./settle/preview-request";
import { putAccept } from "./settle/put-accept";
import { putReject } from "./settle/put-reject";
import { refund } from "./settle/refund";
import { smallContentDispute } from "./settle/small-content-dispute";
import { verdict } from "./settle/verdict";

export { exchangeAppendOnly, exchangeKept, exchangeTables } from "../../../db/schema/exchange";

/** The exchange's operations, one line each. */
export const exchangeOperations: Operation[] = [
	buy,
	clear,
	match,
	put,
	// settle
	putAccept,
	putReject,
	previewRequest,
	preview,
	buyerAccept,
	buyerReject,
	deliver,
	complete,
	smallContentDispute,
	dispute,
	evidence,
	refund,
	autoComplete,
	verdict,
];
