"use client";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { Exchange } from "@/lib/client/connect";
import { type Asked, KeyDialog } from "./key-dialog";

interface Keys {
	/** Who is signed in. */
	viewer: string | undefined;
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

export function KeysHere({ viewer, children }: { viewer: string | undefined; children: ReactNode }) {
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
		if (known && (viewer === undefined || known.key === viewer)) return known.exchange;
		if (viewer !== undefined) {
			const exchange = await speak(viewer).catch(() => undefined);
			if (exchange) {
				connected.current = { key: viewer, exchange };
				return exchange;
			}
		}
		return new Promise<Exchange | undefined>((resolve) => {
			setAsked({
				absent: viewer,
				use,
				done(exchange) {
					setAsked(undefined);
					resolve(exchange);
				},
			});
		});
	}, [viewer, use]);

	const keys = useMemo(() => ({ viewer, speaker, use }), [viewer, speaker, use]);
	return (
		<Context value={keys}>
			{children}
			{asked && <KeyDialog {...asked} />}
		</Context>
	);
}
