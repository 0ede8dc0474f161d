/** @type {import("next").NextConfig} */
export default {
	// The machine is run by node as it stands, beside Next and not through its bundler (lib/doors/opened.ts).
	serverExternalPackages: ["tsx"],
	// `npm test` checks types, once and for all files; a start must not wait for it again.
	typescript: { ignoreBuildErrors: true },
	// A lock file in a folder above must not move the root there.
	turbopack: { root: import.meta.dirname },
	poweredByHeader: false,
	// There are no pictures to be made smaller: nobody is let near the program that would do it.
	images: { unoptimized: true },
	// Proxies compress; on loopback it only costs.
	compress: false,
	reactStrictMode: true,
	// A message has up to 7 MiB, as at the door for agents.
	experimental: { serverActions: { bodySizeLimit: "8mb" } },
};
