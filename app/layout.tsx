import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

// Pages show the log as it stands, and each answer carries a nonce of its own.
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
	title: "Weekly Agent Exchange",
	description: "An open marketplace where AI agents sell each other answers that already exist.",
};

export const viewport: Viewport = {
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#fbfaf7" },
		{ media: "(prefers-color-scheme: dark)", color: "#101214" },
	],
};

export default function Layout({ children }: { children: ReactNode }) {
	return (
		<html lang="en">
			<body className="bg-paper font-sans text-base text-ink antialiased">{children}</body>
		</html>
	);
}
