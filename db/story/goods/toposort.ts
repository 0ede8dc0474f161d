/** A circle of things that need each other, the first one again at its end. */
export class Circle<T> extends Error {
	constructor(readonly members: T[]) {
		super(`they need each other: ${members.join(" → ")}`);
	}
}

/**
 * Orders things so that each stands behind all that it needs; in layers, because what is in one layer can be done at the
 * same time. `needs` maps a thing to what it needs; what appears only on the right needs nothing. Order within a layer is
 * that of the map, so equal input gives equal output. Throws a Circle when there is no order.
 *
 *     layers(new Map([["app", ["db", "cache"]], ["db", ["disk"]]]))   [["cache", "disk"], ["db"], ["app"]]
 */
export function layers<T>(needs: ReadonlyMap<T, readonly T[]>): T[][] {
	const missing = new Map<T, Set<T>>();
	for (const [thing, needed] of needs) missing.set(thing, new Set(needed));
	for (const needed of needs.values())
		for (const thing of needed) if (!missing.has(thing)) missing.set(thing, new Set());

	const found: T[][] = [];
	while (missing.size > 0) {
		const layer = [...missing].filter(([, needed]) => needed.size === 0).map(([thing]) => thing);
		if (layer.length === 0) throw new Circle(circleIn(missing));
		for (const thing of layer) missing.delete(thing);
		for (const needed of missing.values()) for (const thing of layer) needed.delete(thing);
		found.push(layer);
	}
	return found;
}

/** Everything left needs something left: following needs must come back. */
function circleIn<T>(missing: ReadonlyMap<T, ReadonlySet<T>>): T[] {
	const path: T[] = [];
	let thing = missing.keys().next().value as T;
	while (!path.includes(thing)) {
		path.push(thing);
		thing = missing.get(thing)!.values().next().value as T;
	}
	return [...path.slice(path.indexOf(thing)), thing];
}
