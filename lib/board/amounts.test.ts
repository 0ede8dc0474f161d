import { describe, expect, test } from "vitest";
import { amountOf } from "./amounts";
import type { Resource } from "./fields";

const GB = 1_000;
const TB = 1_000_000;

describe("what a text says of how much", () => {
	test.each<[Resource, string, object]>([
		["gpu", "8×A100 80 GB", { count: 8, megabytes: 80 * GB, models: ["a100"] }],
		["gpu", "2x RTX 4090", { count: 2, models: ["4090"] }],
		["gpu", "A100 x4", { count: 4, models: ["a100"] }],
		["gpu", "an H100 or A100", { count: 1, models: ["h100", "a100"] }],
		["gpu", "4 GPUs", { count: 4, models: [] }],
		["gpu", "2 spare NVIDIA cards", { count: 2, models: [] }],
		["gpu", "1", { count: 1, models: [] }],
		["gpu", "24 GB VRAM", { megabytes: 24 * GB, models: [] }],
		["gpu", "whatever is free", { models: [] }],
		["cpu", "16 vCPU", { count: 16, models: [] }],
		["cpu", "8 arm64 cores", { count: 8, models: ["arm64"] }],
		["cpu", "2×32 cores EPYC", { count: 64, models: ["x86"] }],
		["cpu", "32-core Graviton3", { count: 32, models: ["arm64"] }],
		["cpu", "8", { count: 8, models: [] }],
		["cpu", "an old laptop", { models: [] }],
		["ram", "64 GB (4 × 16 GB)", { megabytes: 64 * GB, models: [] }],
		["ram", "16GiB", { megabytes: 16 * GB, models: [] }],
		["ram", "512M", { megabytes: 512, models: [] }],
		["storage", "1.5 TB NVMe", { megabytes: 1.5 * TB, models: [] }],
		["storage", "2,000 GB", { megabytes: 2 * TB, models: [] }],
		["network", "1 Gbps", { megabits: 1_000, models: [] }],
		["network", "100 Mbit/s symmetric", { megabits: 100, models: [] }],
		["network", "2.5G ports, public IPv4", { models: [] }],
		["network", "any", { models: [] }],
		["other", "2 hours of 8 reviewers", { models: [] }],
	])("%s: %s", (resource, text, amount) => {
		expect(amountOf(resource, text)).toEqual(amount);
	});
});
