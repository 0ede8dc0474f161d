import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

/** `--mode long`: what takes minutes, one file after the other. Seeds are printed, and taken from SEED; TAMPERS and KILLS as well. */
export default defineConfig(({ mode }) => ({
	root,
	resolve: { alias: { "@": root } },
	test: {
		include:
			mode === "long"
				? ["e2e/tampers.test.ts", "e2e/faults/kills.test.ts", "e2e/**/*.long.ts"]
				: ["components/**/*.test.ts", "lib/**/*.test.ts", "db/**/*.test.ts", "e2e/**/*.test.ts"],
		env: mode === "long" ? { TAMPERS: process.env.TAMPERS ?? "1000", KILLS: process.env.KILLS ?? "40" } : {},
		exclude: ["**/node_modules/**", "**/.next/**"],
		globalSetup: ["db/scratch-cluster.ts"],
		// For what hangs, not for what is slow: machines are shared.
		testTimeout: mode === "long" ? 3_600_000 : 600_000,
		hookTimeout: 600_000,
		maxWorkers: mode === "long" ? 1 : 2,
	},
}));
