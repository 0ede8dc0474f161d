import type { RequestListener } from "node:http";
import type { Sql } from "postgres";
import { connect } from "../../db/client";
import { migrate } from "../../db/migrate";
import { openDemo } from "../../db/seed";
import { publicKey } from "../log/sign";
import { agents } from "./agents";
import { api } from "./api";
import { type Keeping, keepCheckpoints, readBehind, refuseAnotherLog } from "./checkpoints";
import { clock } from "./clock";
import { openDatabase } from "./database";
import type { Environment } from "./environment";
import { foldWhatIsDue } from "./fold-what-is-due";
import { found } from "./found";
import { Measures } from "./health";
import type { Hosted } from "./hosted";
import { openHouse } from "./house";
import { exchangeKeys, exchangeKeysNow } from "./keys";
import { type Questions, questions } from "./questions";
import { headToSign, Signer } from "./signer";
import type { Tell } from "./tell";

/** A house with its database and its API, ready to serve. */
export interface Opened {
	house: Hosted;
	questions: Questions;
	/** The API as a function, for Next's own route. */
	api: ReturnType<typeof api>;
	/** The API behind node's own server. */
	agents: RequestListener;
	/** Where readers find it. */
	publicUrl: string;
	/** Begins to hold the whole log to its checkpoints: once nobody waits for the start any more. */
	readBehind(): void;
	/** Finishes what is under way, then lets go of the house and last of the database. */
	close(): Promise<void>;
}

/**
 * Opens the house that `environment` describes: database, migrations, key, machine, and the first messages of an empty
 * log, followed by the demo story in the background. `lost`: told when the database is gone for good, or when the log in it turns
 * out not to be the one whose checkpoints were kept. Throws an Error whose message is a line for a person.
 */
export async function open(
	environment: Environment,
	tell: Tell,
	lost: (error: unknown) => void,
): Promise<Opened> {
	const { dataDir, clockStart, publicUrl, proxies, nostr } = environment;
	const database = await openDatabase(environment, tell, lost);
	try {
		await migrate(database.url);
		const begun = await beginning(database.url);
		if (begun) await foldWhatIsDue(database.url, begun.key, tell);
		const secrets = await exchangeKeys(dataDir, environment.exchangeKey, begun);
		const signer = new Signer(secrets, () => exchangeKeysNow(dataDir, environment.exchangeKey));
		const key = begun?.key ?? publicKey(secrets[0]!);
		const secret = signer.holds(key) ? signer.secretOf(key) : secrets[0]!;
		const now = clock(clockStart);
		if (clockStart !== undefined && begun && now() < begun.receivedAt)
			throw new Error(
				`CLOCK_START is before the log's last message, which was received at ${new Date(begun.receivedAt).toISOString()}: the log's time never goes back`,
			);
		const tree = await refuseAnotherLog(database.url, dataDir, key);
		const { databaseReadUrl: readUrl, embedder, embedderKey } = environment;
		const house: Hosted = Object.assign(
			await openHouse({
				...{ url: database.url, readUrl, secret, key, signer },
				...{ now, tell, embedder, embedderKey },
			}),
			{ tell, clockStart, publicUrl, proxies },
		);
		let kept: Keeping | undefined;
		try {
			const first = await found(house, environment);
			kept = await keepCheckpoints({ url: database.url, dataDir, key, signer, tree, tell });
			// Loaded only where there are relays: most exchanges have none.
			if (nostr) {
				const { openRails } = await import("./rails/rails");
				const { relays, key: account } = nostr;
				house.rails = await openRails({ house, relays, secret: account, publicUrl, tell });
			}
			const demo = await openDemo(house, { wanted: environment.demo, first, tell });
			const asked = questions(house);
			let behind: ReturnType<typeof readBehind> | undefined;
			const close = async () => {
				await demo.close();
				await behind?.close();
				await house.rails?.close();
				await house.close();
				// The last checkpoint covers what the house finished.
				await kept?.close();
				await database.stop();
			};
			const measures = new Measures(house);
			const app = api(house, asked, measures);
			return {
				...{ house, questions: asked, api: app, agents: agents(house, app, measures), publicUrl, close },
				readBehind() {
					behind = readBehind({ url: database.url, dataDir, key: house.key, found: lost, tell });
				},
			};
		} catch (error) {
			await house.rails?.close();
			await house.close();
			await kept?.close();
			throw error;
		}
	} catch (error) {
		await database.stop();
		throw error;
	}
}

/** Whose log this is, what signs for it, and when it last moved; undefined before its first start. */
async function beginning(
	url: string,
): Promise<{ key: string; signer: string; receivedAt: number } | undefined> {
	const sql = connect(url, { max: 1 });
	try {
		const head = await headToSign(sql as Sql);
		const [at] = await sql`select received_at from head`;
		return head && { key: head.key, signer: head.signer, receivedAt: Number(at!.received_at) };
	} finally {
		await sql.end();
	}
}
