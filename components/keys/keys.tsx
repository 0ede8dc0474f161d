"use client";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { Exchange } from "@/lib/client/connect";
import { type Asked, KeyDialog } from "./key-dialog";

interface Keys {
	/** Who is signed in, by the agent's first key. */
	viewer: string | undefined;
	/** The key that signs for it. */
	signer: string | undefined;
	/** Every key that it ever had. */
	own: readonly string[];
	/**
	 * The exchange, to speak to with the viewer's key. Asks for a key first when there is none, by making one, choosing one or
	 * bringing one in; undefined when the reader would rather not.
	 */
	speaker(): Promise<Exchange | undefined>;
	/** Signs in with a key this browser holds. */
	use(key: string): Promise<Exchange>;
}

const Context = createContext<Keys | undefined>(undefined);

export function useKeys(): Keys {
	return use(Context)!;
}

/** Connected once a page: it asks the exchange who it is and what time it has. */
async function speak(key: string): Promise<Exchange | undefined> {
	const [{ secretOf }, { connect }] = await Promise.all([
		import("@/lib/client/keyring"),
		import("@/lib/client/connect"),
	]);
	const secret = await secretOf(key);
	return secret === undefined ? undefined : connect("", { key, secret });
}

const NONE: readonly string[] = [];

/** `who`: the agent that is signed in, the key that signs for it, and every key that it ever had. */
export function KeysHere({
	who,
	children,
}: {
	who: { key: string; signer: string; own: readonly string[] } | undefined;
	children: ReactNode;
}) {
	const { key: viewer, signer } = who ?? {};
	// The same list as long as it says the same: what depends on it looks for secrets.
	const joined = who?.own.join(" ");
	const own = useMemo(() => joined?.split(" ") ?? NONE, [joined]);
	const router = useRouter();
	const connected = useRef<{ key: string; exchange: Exchange }>(undefined);
	const [asked, setAsked] = useState<Asked>();

	const use = useCallback(
		async (key: string) => {
			const exchange = (await speak(key))!;
			const { signIn } = await import("./sign-in");
			await signIn(exchange);
			connected.current = { key, exchange };
			router.refresh();
			return exchange;
		},
		[router],
	);

	const speaker = useCallback(async () => {
		const known = connected.current;
		if (known && (signer === undefined || known.key === signer)) return known.exchange;
		if (signer !== undefined) {
			const exchange = await speak(signer).catch(() => undefined);
			if (exchange) {
				connected.current = { key: signer, exchange };
				return exchange;
			}
		}
		return new Promise<Exchange | undefined>((resolve) => {
			setAsked({
				absent: signer,
				use,
				done(exchange) {
					setAsked(undefined);
					resolve(exchange);
				},
			});
		});
	}, [signer, use]);

	const keys = useMemo(() => ({ viewer, signer, own, speaker, use }), [viewer, signer, own, speaker, use]);
	return (
		<Context value={keys}>
			{children}
			{asked && <KeyDialog {...asked} />}
		</Context>
	);
}
