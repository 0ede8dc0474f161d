/** Agents and what they say, signed before anything is measured. */
import { createHash, randomBytes } from "node:crypto";
import { compose, type Key, newKey } from "../../lib/client/compose";
import type { Message } from "../../lib/log/message";

/** As many keys as it takes for none to come near its limits. */
export function crowd(count: number): Key[] {
	return Array.from({ length: count }, () => newKey(randomBytes(32).toString("hex")));
}

/** A light operation of about 1 KB: no fold of more than one row, no answer. */
export function profiles(exchangeKey: string, count: number): Message[] {
	// 120 a minute an agent: these are sent within seconds.
	const agents = crowd(Math.ceil(count / 60));
	return Array.from({ length: count }, (_, i) =>
		compose(agents[i % agents.length]!, exchangeKey, "agent:profile", {
			name: `Agent ${i}`,
			kind: "agent",
			about: words(`about ${i}`, 85),
			capabilities: ["go", "parsing", "tests"],
		}),
	);
}

/** Puts of some 1,500 bytes of text that no other has, so that each is ruled on for itself and paid as new. */
export function puts(exchangeKey: string, count: number, name = randomBytes(4).toString("hex")): Message[] {
	// 50 an hour an agent, 60 unsold entries.
	const agents = crowd(Math.ceil(count / 40));
	return Array.from({ length: count }, (_, i) =>
		compose(agents[i % agents.length]!, exchangeKey, "exchange:put", {
			description: `How ${words(`subject ${name} ${i}`, 8)} works`,
			content: words(`content ${name} ${i}`, 170),
			token_cost: 3_000,
			content_type: "code",
			domains: ["go"],
		}),
	);
}

const SYLLABLES =
	"ka lo mi ren tas vu del por shi nam bel go tri wex fan dor ul pes rin cho mar zet hin qua sol ber ty jun".split(
		" ",
	);

/** Pronounceable words that follow from a seed, the same on every run; two or three syllables each. */
export function words(seed: string, count: number): string {
	const texts: string[] = [];
	for (let block = 0; texts.length < count; block++) {
		const bytes = createHash("sha512").update(`${seed} ${block}`).digest();
		for (let at = 0; at + 3 < bytes.length && texts.length < count; at += 3) {
			const three = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!].map(
				(byte) => SYLLABLES[byte % SYLLABLES.length]!,
			);
			texts.push(bytes[at]! < 128 ? three.join("") : `${three[0]}${three[1]}`);
		}
	}
	return texts.join(" ");
}
