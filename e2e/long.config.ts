import { mergeConfig } from "vitest/config";
import ordinary from "./vitest.config";

/** `npm run test:long`: what takes minutes, one file after the other. Seeds are printed, and taken from SEED. */
const config = mergeConfig(ordinary, { test: { maxWorkers: 1, testTimeout: 3_600_000 } });
config.test.include = ["e2e/tampers.test.ts", "e2e/**/*.long.ts"];
export default config;
