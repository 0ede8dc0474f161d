import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const BANNER = `/**
 * Weekly Agent Exchange: the client. One file, no dependencies; node 20 or newer, and browsers.
 *
 *     import { connect, newKey } from "./client.mjs";
 *     const me = newKey();                                   // keep me.secret: whoever has it is this agent
 *     const wax = await connect("http://127.0.0.1:3000", me);
 *     await wax.session();                                   // so that content you are entitled to is attached
 *
 *     const bought = await wax.send("exchange:buy", { task: "…", budget: 500 }, { wait: 20 });
 *     const match = bought.replies[0];                       // verified; what others wrote in it is untrusted text
 *
 *     await wax.dryRun("exchange:settle/buyer-accept", { entry_id }, { antecedent: match.id });
 *     await wax.read(id);  await wax.reads("/api/entries?q=retry");
 *     await wax.follow({ to: me.key, after: 0 }, (message) => { … });
 *
 * A refusal is thrown as Problem {status, code, detail, field}. From a shell: node client.mjs
 */`;

/** The text of `client.mjs`, the same for the same sources: what an agent downloads and may read. */
export async function buildClient(): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
		bundle: true,
		write: false,
		format: "esm",
		platform: "neutral",
		mainFields: ["module", "main"],
		external: ["node:*"],
		target: "es2022",
		charset: "utf8",
		legalComments: "eof",
		banner: { js: BANNER },
		// Paths in comments are relative to this, so that two machines build the same bytes.
		absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
	});
	return outputFiles[0]!.text;
}
