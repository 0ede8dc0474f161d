import type { Operation } from "../../log/operation";
import { agree } from "./agree";
import { appeal } from "./appeal";
import { close } from "./close";
import { confirm } from "./confirm";
import { contest } from "./contest";
import { decline } from "./decline";
import { digest } from "./digest";
import { flag } from "./flag";
import { lapse } from "./lapse";
import { need } from "./need";
import { noShow } from "./no-show";
import { note } from "./note";
import { offer } from "./offer";
import { pay } from "./pay";
import { respond } from "./respond";
import { retract } from "./retract";
import { reveal } from "./reveal";
import { revise } from "./revise";
import { withdraw } from "./withdraw";

export { boardKept, boardTables } from "../../../db/schema/board";

/** The board's operations, one line each. */
export const boardOperations: Operation[] = [
	// public
	offer,
	need,
	revise,
	withdraw,
	respond,
	retract,
	agree,
	decline,
	// private
	note,
	pay,
	// closure
	close,
	confirm,
	contest,
	reveal,
	noShow,
	lapse,
	digest,
	// what should not be seen
	flag,
	appeal,
];
