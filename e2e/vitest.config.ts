import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
	root,
	resolve: { alias: { "@": root } },
	test: {
		include: ["components/**/*.test.ts", "lib/**/*.test.ts", "db/**/*.test.ts", "e2e/**/*.test.ts"],
		exclude: ["**/node_modules/**", "**/.next/**"],
		globalSetup: ["db/scratch-cluster.ts"],
		// For what hangs, not for what is slow: machines are shared.
		testTimeout: 600_000,
		hookTimeout: 600_000,
		maxWorkers: 2,
	},
});
