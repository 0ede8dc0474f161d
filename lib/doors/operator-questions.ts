import type { TransactionSql } from "postgres";
import build from "../../package.json";
import { hasRole, readsAll } from "../agents/owner";
import { settingChanges, settingsInForce } from "../agents/read";
import { within } from "../exchange/engine/patience";
import type { Analysis } from "../exchange/ports";
import {
	type CaseKind,
	disputeCase,
	disputeContext,
	disputedOrder,
	openCases,
	putCase,
} from "../exchange/queue";
import { chainOf } from "../exchange/read";
import { treasuryToday } from "../exchange/treasury";
import { ask } from "../log/ask";
import { unhex } from "../log/bytes";
import type { Detached } from "../log/message";
import { owed, unpark } from "../log/owed";
import { checkpointOrigin, root } from "../log/proof";
import { actOf, bodyOf, placeAt } from "../log/read";
import { fromRow, type Recorded } from "../log/tail";
import { emissions, supply, totals } from "../scrip/read";
import type { Hosted } from "./hosted";
import { type AgentsAsked, knownAgents } from "./known-agents";
import { DRY_RUNS, LIMITS } from "./limits";
import { type ActsAsked, houseActs, houseKeys, houseOperations } from "./operator-acts";
import { snapshot } from "./snapshot";
