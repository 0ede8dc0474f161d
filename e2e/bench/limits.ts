/** What no door can be faster than: verifying each signature once, and writing each message once, with nothing around it. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import type { Message } from "../../lib/log/message";
import { bodyOf, signingBytes } from "../../lib/log/message";
import { answer } from "./child";

let verifying: { key: KeyObject; bytes: Uint8Array; signature: Buffer }[] = [];
let inserting: string[] = [];
let sql: Sql | undefined;

answer(
	{
		/** Everything but the work itself is done before it is measured. */
		prepareVerify({ exchangeKey, messages }: { exchangeKey: string; messages: Message[] }) {
			const keys = new Map<string, KeyObject>();
			verifying = messages.map((message) => {
				const key = keys.get(message.sender) ?? keyOf(message.sender);
				keys.set(message.sender, key);
				const signature = Buffer.from(message.signature, "hex");
				return { key, bytes: signingBytes(exchangeKey, message), signature };
			});
		},
		verify() {
			for (const { key, bytes, signature } of verifying)
				if (!verify(null, bytes, key, signature)) throw new Error("a signature of our own does not verify");
		},
		async prepareInsert({ url, messages, from }: { url: string; messages: Message[]; from: number }) {
			sql ??= connect(url, { max: 1 }) as Sql;
			await sql`select 1`;
			inserting = [];
			for (let at = 0; at < messages.length; at += 100)
				inserting.push(
					JSON.stringify(messages.slice(at, at + 100).map((message, i) => rowOf(message, from + at + i))),
				);
		},
		/** 100 rows a transaction, one after the other on one connection: what one head row allows. */
		async insert() {
			for (const rows of inserting)
				await sql!.begin(
					(sql) =>
						sql`insert into messages select * from json_populate_recordset(null::messages, ${rows}::text::json)`,
				);
		},
	},
	async () => {
		await sql?.end();
	},
);

function keyOf(sender: string): KeyObject {
	const der = Buffer.from(`302a300506032b6570032100${sender}`, "hex");
	return createPublicKey({ key: der, format: "der", type: "spki" });
}

function rowOf(message: Message, seq: number) {
	const { id, sender, tags, antecedents, timestamp, signature } = message;
	return {
		seq,
		id,
		operation: tags[0],
		sender,
		received_at: Date.parse(timestamp),
		antecedent: antecedents[0] ?? null,
		addressed: [],
		body: bodyOf(message),
		signature,
	};
}
