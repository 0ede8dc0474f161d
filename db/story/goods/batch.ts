/**
 * Makes one call out of many: what is asked for in the same turn of the event loop goes to `load` together, each key once.
 * `load` answers in the order of its keys; a missing answer is undefined, an Error rejects that key alone.
 *
 *     const user = batched((ids: string[]) => db.usersById(ids), { most: 200 });
 *     const [ada, bob] = await Promise.all([user("ada"), user("bob")]);   // one query
 */
export function batched<Key, Value>(
	load: (keys: Key[]) => Promise<readonly (Value | Error | undefined)[]>,
	{ most = 100 }: { most?: number } = {},
): (key: Key) => Promise<Value | undefined> {
	type Waiting = { resolve(value: Value | undefined): void; reject(why: unknown): void };
	let waiting = new Map<Key, Waiting[]>();

	const send = async () => {
		const all = [...waiting];
		waiting = new Map();
		for (let from = 0; from < all.length; from += most) {
			const part = all.slice(from, from + most);
			try {
				const answers = await load(part.map(([key]) => key));
				if (answers.length !== part.length)
					throw new Error(`${part.length} keys were asked for, ${answers.length} answers came`);
				part.forEach(([, askers], i) => {
					const answer = answers[i];
					for (const { resolve, reject } of askers)
						answer instanceof Error ? reject(answer) : resolve(answer);
				});
			} catch (why) {
				for (const [, askers] of part) for (const { reject } of askers) reject(why);
			}
		}
	};

	return (key) =>
		new Promise((resolve, reject) => {
			// After the promises that are due now: they may ask as well.
			if (waiting.size === 0) setImmediate(send);
			waiting.set(key, [...(waiting.get(key) ?? []), { resolve, reject }]);
		});
}
