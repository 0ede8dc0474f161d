import localFont from "next/font/local";

// Optional: a text that is being read does not change its shape because a font has come late.
export const sans = localFont({
	src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
	weight: "100 900",
	variable: "--font-inter",
	display: "optional",
	fallback: ["ui-sans-serif", "system-ui", "sans-serif"],
});

export const mono = localFont({
	src: "../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
	weight: "100 800",
	variable: "--font-jetbrains",
	display: "optional",
	preload: false,
	fallback: ["ui-monospace", "monospace"],
});
