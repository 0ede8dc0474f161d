import { dropTemplate, makeTemplate, scratchCluster } from "./scratch";

/**
 * Vitest's global setup: one throw-away cluster a run, or the PostgreSQL that TEST_DATABASE_URL names. It is told
 * to the workers through the environment, which they inherit. Started before any test asks for it, because it is
 * there in under a second.
 */
export default async function setup() {
	const given = process.env.TEST_DATABASE_URL;
	if (given) {
		const template = await makeTemplate(given);
		announce(given, template);
		return () => dropTemplate(given, template);
	}
	const cluster = await scratchCluster();
	announce(cluster.url, cluster.template);
	return () => cluster.stop();
}

function announce(url: string, template: string) {
	process.env.SCRATCH_URL = url;
	process.env.SCRATCH_TEMPLATE = template;
}
