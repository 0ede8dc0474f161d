import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "postgres";
import { scratchCluster } from "../../db/scratch";
import { compose, newKey } from "../../lib/client/compose";
import { Machine } from "../../lib/log/machine";
import type { Message, Payload } from "../../lib/log/message";
import { verifyLog } from "../../lib/log/replay";
import { publicKey } from "../../lib/log/sign";
import { operations } from "../../lib/operations";
import { type Child, start } from "../bench/child";
import type { Opening, Step } from "./house";

export interface Running {
	process: Child;
	url: string;
}

/** What a sender was told of its message. */
interface Acknowledged {
	message: Message;
	/** One answer for each time it was sent. */
	seqs: number[];
}

/**
 * Two houses on one log, each a process that can be killed, on a PostgreSQL that keeps its word and can be killed too; and
 * senders who send the same message until they are told where it stands.
 */
export async function openRack(random: (below: number) => number) {
	const cluster = await scratchCluster({ fsync: true });
	const database = await cluster.database();
	const sql = database.sql as unknown as Sql;
	const operator = newKey();
	const secret = randomBytes(32).toString("hex");
	const key = publicKey(secret);

	// A process takes seconds to load: the next one does so while there is still work for those before it.
	const spare = () => start("../faults/house.ts");
	let next = spare();
	async function open(ahead = 0): Promise<Running> {
		const process = await next;
		next = spare();
		const opening: Opening = { url: database.url, secret, operator: operator.key, ahead };
		return { process, url: await process.ask<string>("open", opening) };
	}

	const houses = [await open(), await open()];
	const buyers = Array.from({ length: 30 }, () => newKey());
	const acknowledged: Acknowledged[] = [];
	const refused: string[] = [];
	let over = false;
	let sent = 0;

	/** Until it is told where the message stands, as a client must. */
	async function insist(message: Message): Promise<number> {
		const body = JSON.stringify(message);
		for (;;) {
			const { url } = houses[random(houses.length)]!;
			const headers = { "Content-Type": "application/json" };
			const answer = await fetch(`${url}/api/messages`, { method: "POST", headers, body })
				.then(async (response) => ({ response, body: await response.json() }))
				.catch(() => undefined);
			if (answer?.response.ok) return answer.body.message.seq;
			if (answer && answer.response.status !== 503)
				refused.push(`${message.tags[0]}: ${answer.response.status} ${answer.body.code}`);
			if (answer && !answer.response.headers.has("Retry-After"))
				refused.push(`${answer.response.status} does not say when to try again`);
			if (refused.length > 0) throw new Error(refused[0]);
			await pause(20);
		}
	}

	/** Somebody whom nobody knows says something, or one of the buyers: two of three times what the exchange has to answer. */
	function something(): Message {
		const [who, name] = [newKey(), `number ${++sent}`];
		const says = (operation: string, payload: Payload, by = who) => compose(by, key, operation, payload);
		if (sent % 3 === 0)
			return says("exchange:put", {
				description: `How ${name} works`,
				content: `${name}: ${randomBytes(200).toString("hex")}`,
				token_cost: 1_000,
				content_type: "code",
			});
		const buyer = buyers[random(buyers.length)]!;
		if (sent % 3 === 1) return says("exchange:buy", { task: `how ${name} works`, budget: 1 }, buyer);
		return says("agent:profile", { name });
	}

	async function told(message: Message, times = 1): Promise<void> {
		const seqs = await Promise.all(Array.from({ length: times }, () => insist(message)));
		acknowledged.push({ message, seqs });
	}
	async function sender(): Promise<void> {
		while (!over) await told(something(), sent % 5 === 0 ? 2 : 1);
	}
	await Promise.all(
		buyers.map(({ key: recipient }, i) =>
			told(compose(operator, key, "scrip:mint", { recipient, amount: 1_000, reference: `payment ${i}` })),
		),
	);
	const senders = Promise.all(Array.from({ length: 12 }, sender));
	senders.catch(() => {
		over = true;
	});

	return {
		cluster,
		sql,
		houses,
		acknowledged,
		/** So many more messages are acknowledged; throws when one is refused that may not be. */
		async enough(more: number): Promise<void> {
			for (const until = acknowledged.length + more; acknowledged.length < until; await pause(10))
				if (over) await senders;
		},
		/** Lets one go and has another in its place. */
		async killed(which: number): Promise<void> {
			await houses[which]!.process.kill();
			houses[which] = await open();
		},
		async halted(which: number, step: Step): Promise<void> {
			await houses[which]!.process.ask("halt", { step, after: random(4) });
		},
		goOn: (which: number) => houses[which]!.process.ask("goOn"),
		/** Kills the backend that writes for some house: PostgreSQL then throws everybody out and recovers by itself. */
		async backendKilled(): Promise<void> {
			const [writer] = await sql`
				select pid from pg_stat_activity
				where datname = current_database() and pid <> pg_backend_pid() and query <> ''
				order by (state like '%transaction%') desc, state_change desc limit 1`;
			if (writer) process.kill(writer.pid, "SIGKILL");
		},
		/** No more is sent; what was sent is answered, and what the exchange owes is done. */
		async settled(): Promise<void> {
			over = true;
			await senders;
			// Work in the hands of a process that died is free again when its lease is over: so it is for who comes later.
			houses.push(await open(120_000));
			const owed = () => sql`
				select from views.duties d left join duty_leases l on l.duty = d.id
				where d.due <= (select received_at from head) and l.parked is not true`;
			while ((await owed()).length > 0) await pause(100);
		},
		/** Everything that is not as it must be, a line each. */
		async faults(): Promise<string[]> {
			const { faults } = await verifyLog(sql, new Machine(operations, key), undefined, { contents: true });
			const ids = acknowledged.map(({ message }) => message.id);
			const rows = await sql`select id, seq, operation from messages where id in ${sql(ids)}`;
			const replies = await sql`
				select antecedent, operation from messages where sender = ${key} and antecedent in ${sql(ids)}`;
			for (const { message, seqs } of acknowledged) {
				const stand = rows.filter(({ id }) => id === message.id);
				const what = `${message.tags[0]} ${message.id}`;
				if (stand.length !== 1) faults.push(`${what} is in the log ${stand.length} times`);
				for (const seq of seqs)
					if (seq !== Number(stand[0]?.seq))
						faults.push(`${what} was told ${seq}, stands at ${stand[0]?.seq}`);
				const { awaits } = operations.get(stand[0]?.operation ?? message.tags[0]!)!;
				const answers = replies.filter(
					({ antecedent, operation }) => antecedent === message.id && awaits.includes(operation),
				);
				if (awaits.length > 0 && answers.length !== 1)
					faults.push(`${what} is answered ${answers.length} times`);
			}
			const left = await sql`select duty, tries, parked, error from duty_leases`;
			faults.push(...left.map((lease) => `${lease.duty} is left: ${JSON.stringify(lease)}`));
			return faults;
		},
		async close(): Promise<void> {
			over = true;
			for (const { process } of houses) await process.kill();
			await senders.catch(() => {});
			await (await next).kill();
			await sql.end({ timeout: 1 });
			await cluster.stop();
		},
	};
}
