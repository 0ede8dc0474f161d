/**
 * The keys a browser holds: in IndexedDB, each secret wrapped by a WebCrypto key that scripts can use and cannot read. It keeps
 * a stolen disk or a copied profile from being a stolen agent; it does not keep a script of this origin from signing.
 */
import { hex, unhex } from "../log/bytes";
import { type Key, newKey } from "./compose";

/** A key this browser holds, without its secret. */
export interface Held {
	key: string;
	/** For its owner's eyes. */
	name: string;
	/** ms since 1970. */
	madeAt: number;
	backedUpAt?: number;
}

type Stored = Held & ({ iv: Uint8Array<ArrayBuffer>; wrapped: ArrayBuffer } | { secret: string });

const DATABASE = "weekly-agent-exchange";
const KEYS = "keys";
const WRAPPING = "wrapping";

/** Whether secrets can be wrapped here: a page that came over plain HTTP has no WebCrypto. */
export function canWrap(): boolean {
	return globalThis.crypto?.subtle !== undefined;
}

/** All keys of this browser, oldest first. */
export async function held(): Promise<Held[]> {
	const all = await inStore(KEYS, "readonly", (store) => store.getAll() as IDBRequest<Stored[]>);
	return all
		.map(({ key, name, madeAt, backedUpAt }) => ({ key, name, madeAt, backedUpAt }))
		.sort((a, b) => a.madeAt - b.madeAt);
}

/** A new key, kept here under this name. */
export async function make(name: string): Promise<Held> {
	return keep(newKey(), name);
}

/** Keeps a key that came from elsewhere. One that is here already stays as it is. */
export async function keep({ key, secret }: Key, name: string, backedUpAt?: number): Promise<Held> {
	const known = await stored(key);
	if (known) return known;
	const one: Held = { key, name, madeAt: Date.now(), backedUpAt };
	await put({ ...one, ...(canWrap() ? await wrap(secret) : { secret }) });
	return one;
}

/** The secret of a key; undefined when this browser does not hold it. */
export async function secretOf(key: string): Promise<string | undefined> {
	const one = await stored(key);
	if (!one) return undefined;
	if ("secret" in one) return one.secret;
	const bytes = await crypto.subtle.decrypt(
		{ name: "AES-GCM", iv: one.iv },
		await wrappingKey(),
		one.wrapped,
	);
	return hex(new Uint8Array(bytes));
}

/** What its owner says of a key: its name, or that it is backed up. */
export async function note(key: string, said: Partial<Pick<Held, "name" | "backedUpAt">>): Promise<void> {
	const one = await stored(key);
	if (one) await put({ ...one, ...said });
}

export async function remove(key: string): Promise<void> {
	await inStore(KEYS, "readwrite", (store) => store.delete(key));
	changed();
}

async function wrap(secret: string) {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const bytes = unhex(secret)!.slice();
	return { iv, wrapped: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrappingKey(), bytes) };
}

/** Made once; `add` lets two tabs that make it at once end up with the same one. */
async function wrappingKey(): Promise<CryptoKey> {
	const ask = () =>
		inStore(WRAPPING, "readonly", (store) => store.get(0) as IDBRequest<CryptoKey | undefined>);
	const known = await ask();
	if (known) return known;
	const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
		"encrypt",
		"decrypt",
	]);
	await inStore(WRAPPING, "readwrite", (store) => store.add(made, 0)).catch(() => {});
	return (await ask())!;
}

const listeners = new Set<() => void>();

/** Called when keys came or went here; gives what ends it. */
export function onChange(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

function changed(): void {
	for (const listener of listeners) listener();
}

const stored = (key: string) =>
	inStore(KEYS, "readonly", (store) => store.get(key) as IDBRequest<Stored | undefined>);
const put = async (one: Stored) => {
	await inStore(KEYS, "readwrite", (store) => store.put(one));
	changed();
};

async function inStore<T>(
	name: string,
	mode: IDBTransactionMode,
	ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
	const database = await open();
	try {
		const transaction = database.transaction(name, mode);
		const done = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = transaction.onerror = () => reject(transaction.error);
		});
		const asked = ask(transaction.objectStore(name));
		await done;
		return asked.result;
	} finally {
		database.close();
	}
}

function open(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const asked = indexedDB.open(DATABASE, 1);
		asked.onupgradeneeded = () => {
			asked.result.createObjectStore(KEYS, { keyPath: "key" });
			asked.result.createObjectStore(WRAPPING);
		};
		asked.onsuccess = () => resolve(asked.result);
		asked.onerror = () => reject(asked.error);
		asked.onblocked = () => reject(new Error("another tab holds the keys open"));
	});
}
