/**
 * `npm run rotate-key`: puts a new key in the place of the one that the exchange signs with; the exchange may run meanwhile. Its
 * name stays its first key. What was signed before stays good, and the log itself says which key signed when.
 */
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { Sequencer } from "../log/sequencer";
import { publicKey, sign, signedBytes } from "../log/sign";
import { clock } from "./clock";
import { addKey, exchangeKeys, exchangeKeysNow, keyFile } from "./keys";
import { LIMITS } from "./limits";
import { overTheLog } from "./over-the-log";
import { headToSign, Signer } from "./signer";

await overTheLog(async ({ url, sql, machine, settings }) => {
	const { dataDir, exchangeKey: given, clockStart } = settings;
	const head = (await headToSign(sql))!;
	const signer = new Signer(await exchangeKeys(dataDir, given, head), () => exchangeKeysNow(dataDir, given));
	// Kept before it is said: a crash in between leaves a key that signs nothing, never a log whose key is lost.
	const secret = await addKey(dataDir);
	const next = publicKey(secret);
	let trouble: unknown;
	const sequencer = new Sequencer({
		connect: () => connect(url, { max: 1 }) as Sql,
		machine,
		limits: LIMITS,
		now: clock(clockStart),
		sign: ({ act, bytes }) => signer.sign(act.key, bytes),
		process: "rotate-key",
		onCommitted: () => {},
		onTrouble(error) {
			trouble = error;
		},
	});
	const proof = sign(secret, signedBytes("rotate", head.key, head.signer, next));
	const answer = await sequencer.say({
		operation: "agent:rotate",
		antecedents: [],
		payload: { new_key: next, proof },
	});
	await sequencer.close();
	if (answer.kind !== "logged")
		throw new Error(
			`The key was not changed: ${answer.kind === "refused" ? answer.refusal.detail : answer.kind}`,
			{ cause: trouble },
		);
	const { seq, id } = answer.logged[0]!.act;
	return {
		verdict: [
			`Rotated by message ${seq} (${id}): from here on the exchange ${head.key} signs with ${next}, and nothing is heard under ${head.signer} any more.`,
			`${keyFile(dataDir)} holds both keys and belongs to the backup; other machines of this exchange need it too, before they sign again.`,
		].join("\n"),
		good: true,
	};
});
