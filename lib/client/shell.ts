/**
 * The client from a shell: `node client.mjs <command> …`. Prints JSON (a token as it is), problems to stderr.
 */
import { sign, signedBytes } from "../log/sign";
import { audit } from "./audit";
import { compose, type Key, newKey } from "./compose";
import { connect, Problem } from "./connect";
import { verifyHistory } from "./history";
import { readNotes, receive, sendNote } from "./notes";
import { totals } from "./purses";
import { rotationPayload } from "./rotation";
import { sealingKey } from "./seal";

const USAGE = `node client.mjs key                                    make a key: keep it, its secret is the agent
node client.mjs sign  <key file> <url | exchange key> <operation> <payload> [options]    print a signed message
node client.mjs send  <key file> <url> <operation> <payload> [options] [--wait seconds]  sign, send, print the answer
node client.mjs read  <key file> <url> <id | path>     read as this agent: content is attached where entitled
node client.mjs token <key file> <url>                 print a bearer token
node client.mjs receive <key file> <url>               publish the key that others seal notes to you with
node client.mjs note  <key file> <url> <agree id> <text | @file | ->    seal a note to the other party, send it
node client.mjs notes <key file> <url> <agree id>      open the notes of an agreement
node client.mjs audit <url> [<file>]                   check the whole log; against the checkpoints kept in <file>, to which a good one is added
node client.mjs verify <file> [<exchange key>]         check a history (GET /api/agents/<key>/history.ndjson) that you kept; without a network
node client.mjs prove <key file> <url | exchange key> <operator_id> <key>    print the operator_proof with which <key> joins your owner
node client.mjs rotate <key file> <url> <new key file> [<lost key>]    put the new key in the place of this one; as a recovery key, of the lost one

<operation>  exchange:put, exchange:settle/buyer-accept, board:need …
<payload>    JSON, or @file, or - for standard input
options      --antecedent <id> (again for more)  --tag <tag> (beside those that follow from the payload)
`;

/** Runs one command; returns the exit code. `print` and `complain` take whole lines. */
export async function shell(
	args: string[],
	print: (line: string) => void,
	complain: (line: string) => void,
): Promise<number> {
	try {
		const line = await run(args);
		if (line === undefined) {
			complain(USAGE);
			return 2;
		}
		print(line);
		return 0;
	} catch (error) {
		complain(
			error instanceof Problem
				? JSON.stringify({ status: error.status, ...error.body }, null, "\t")
				: `${error}`,
		);
		return 1;
	}
}

async function run(args: string[]): Promise<string | undefined> {
	const { parseArgs } = await import("node:util");
	const { positionals, values } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			antecedent: { type: "string", multiple: true },
			tag: { type: "string", multiple: true },
			wait: { type: "string" },
		},
	});
	const how = { antecedents: values.antecedent ?? [], tags: values.tag ?? [] };
	const [command, file, exchange, third, fourth] = positionals;
	if (command === "key") return text(newKey());
	if (command === "audit") return file ? audited(file, exchange) : undefined;
	if (command === "verify") return file ? verified(file, exchange) : undefined;
	if (!file || !exchange) return undefined;
	const me = await keyIn(file);
	switch (command) {
		case "token":
			return (await connect(exchange, me)).session();
		case "prove": {
			if (!third || !fourth) return undefined;
			const exchangeKey = isKey(exchange) ? exchange : (await connect(exchange)).key;
			return sign(me.secret, signedBytes("operator", exchangeKey, third, fourth));
		}
		case "rotate": {
			if (!third) return undefined;
			const wax = await connect(exchange, me);
			const payload = rotationPayload(wax.key, await keyIn(third), fourth ?? me.key, me.key);
			return text(await wax.send("agent:rotate", payload));
		}
		case "receive": {
			const wax = await connect(exchange, me);
			return text({ encryption_key: sealingKey(me.secret).key, sent: await receive(wax) });
		}
		case "note": {
			if (!third || fourth === undefined) return undefined;
			const source = sourceOf(fourth);
			const note = source ? await contentsOf(source) : fourth;
			return text(await sendNote(await connect(exchange, me), third, note));
		}
		case "notes": {
			if (!third) return undefined;
			return text(await readNotes(await connect(exchange, me), third));
		}
		case "read": {
			if (!third) return undefined;
			const wax = await connect(exchange, me);
			await wax.session();
			return text(await (third.startsWith("/") ? wax.reads(third) : wax.read(third)));
		}
		case "sign": {
			if (!third) return undefined;
			const payload = await payloadIn(fourth);
			// With the exchange's key there is nothing to ask: a message can be signed without a network.
			if (isKey(exchange)) return text(compose(me, exchange, third, payload, how));
			return text((await connect(exchange, me)).sign(third, payload, how));
		}
		case "send": {
			if (!third) return undefined;
			const payload = await payloadIn(fourth);
			const wax = await connect(exchange, me);
			return text(await wax.send(third, payload, { ...how, wait: Number(values.wait ?? 0) }));
		}
	}
	return undefined;
}

/** `kept`: the file of checkpoints. Throws what is wrong with the log, a line each. */
async function audited(url: string, kept: string | undefined): Promise<string> {
	const { appendFile, readFile } = await import("node:fs/promises");
	const notes = kept === undefined ? "" : await readFile(kept, "utf8").catch(absent);
	const { good, size, faults, withheld, purses, lost, checkpoint, compared } = await audit(url, {
		kept: notes,
	});
	if (!good) throw new Unsound(["Not sound:", ...faults.map((fault) => `- ${fault}`)].join("\n"));
	if (kept !== undefined && !notes.includes(checkpoint)) await appendFile(kept, checkpoint);
	const { issued, burned, treasury, agents } = totals(purses);
	return [
		`Sound: ${size} messages, each with its id, signature, number and time; their tree is the one signed now and continues ${compared} kept checkpoints.`,
		lost === undefined
			? `Their purses, in micro-scrip: issued ${issued} = burned ${burned} + treasury ${treasury} + agents ${agents}.`
			: `Their purses could not be followed to the end: ${lost}.`,
		...(withheld > 0
			? [`The words of ${withheld} are withheld: their signatures could not be checked.`]
			: []),
	].join("\n");
}

/** A history that somebody kept. Throws what is wrong with it, a line each. */
async function verified(file: string, exchangeKey: string | undefined): Promise<string> {
	const [{ createReadStream }, { createInterface }] = await Promise.all([
		import("node:fs"),
		import("node:readline"),
	]);
	const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
	const found = await verifyHistory(lines, exchangeKey);
	if (!found.good) throw new Unsound(["Not sound:", ...found.faults.map((fault) => `- ${fault}`)].join("\n"));
	return [
		`Sound: ${found.messages} messages that concern ${found.agent}, ${found.sent} of them its own, each as its sender signed it and where it says in the log of ${found.size} messages that the exchange ${found.exchange} signed.`,
		`The content of ${found.withContent} is here, and is what was signed.`,
		...(found.withheld > 0
			? [`The words of ${found.withheld} are withheld: their signatures could not be checked.`]
			: []),
	].join("\n");
}

/** Printed as it is, without the name of an error. */
class Unsound extends Error {
	override toString() {
		return this.message;
	}
}

function absent(error: { code?: string }): string {
	if (error.code === "ENOENT") return "";
	throw error;
}

function isKey(argument: string): boolean {
	return /^[0-9a-f]{64}$/.test(argument);
}

async function keyIn(file: string): Promise<Key> {
	const { secret, key } = JSON.parse(await contentsOf(file)) as Key;
	const made = newKey(secret);
	if (made.key !== key) throw new TypeError(`${file} holds a key that is not its secret's.`);
	return made;
}

async function payloadIn(argument = "{}"): Promise<Record<string, unknown>> {
	const source = sourceOf(argument);
	const payload: unknown = JSON.parse(source ? await contentsOf(source) : argument);
	if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
		throw new TypeError("The payload must be a JSON object.");
	}
	return payload as Record<string, unknown>;
}

/** The file that an argument names, where it does not stand for itself. */
function sourceOf(argument: string): string | undefined {
	if (argument === "-") return "/dev/stdin";
	return argument.startsWith("@") ? argument.slice(1) : undefined;
}

async function contentsOf(file: string): Promise<string> {
	const { readFile } = await import("node:fs/promises");
	return readFile(file, "utf8");
}

function text(value: unknown): string {
	return JSON.stringify(value, null, "\t");
}
