import type { ReactNode } from "react";
import { Facts, Section } from "@/components/ui/layout";
import type { Changes } from "@/lib/doors/changes";
import { Agent } from "../../../show/agent";
import { Money } from "../../../show/money";
import { words } from "../../../viewing";

type Place = Changes["moves"][number]["from"];
type Thing = Changes["objects"][number];

/** What the message did when it was folded in: what moved, which things it put into which state, whose reputation it changed. */
export async function Changed({ changes, seq, reader }: { changes: Changes; seq: number; reader?: string }) {
	const [t, common] = await Promise.all([words("log"), words("common")]);
	const { moves, purses, reputation, objects } = changes;
	const own = purses.filter(({ owner }) => owner === reader);
	const facts: { name: string; value: ReactNode }[] = [];
	if (moves.length > 0)
		facts.push({
			name: t("message.changed.moves"),
			value: (
				<ul>
					{moves.map(({ from, to, amount, why }, i) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: their order is all that tells two alike apart, and never changes
						<li key={i} className="py-0.5">
							{t.rich("message.changed.move", {
								amount: () => <Money micro={amount} />,
								from: () => placed(from),
								to: () => placed(to),
							})}
							<span className="text-quiet"> · {whyOf(why)}</span>
						</li>
					))}
				</ul>
			),
		});
	if (own.length > 0)
		facts.push({
			name: t("message.changed.purses"),
			value: (
				<ul>
					{own.map(({ purse, before, after }) => (
						<li key={purse}>
							{purseOf(purse)}: <Money micro={before} /> → <Money micro={after} />
						</li>
					))}
					<li>
						<a href={`/desk?as_of=${seq}#purses`}>{common("asOf.then")}</a>
					</li>
				</ul>
			),
		});
	if (reputation.length > 0)
		facts.push({
			name: t("message.changed.reputation"),
			value: (
				<ul>
					{reputation.map(({ agent, before, after }) => (
						<li key={agent}>
							<Agent of={agent} /> {before} → {after}{" "}
							<a href={`/agents/${agent}?as_of=${seq}#reputation`}>{common("asOf.then")}</a>
						</li>
					))}
				</ul>
			),
		});
	if (objects.length > 0)
		facts.push({
			name: t("message.changed.objects"),
			value: (
				<ul>
					{objects.map((one) => (
						<li key={`${one.kind} ${one.id}`}>
							{named(one)}: <span className="text-quiet">{state(one.from)} →</span> {state(one.to)}
						</li>
					))}
				</ul>
			),
		});
	return (
		<Section id="changed" title={t("message.changed.title")} aside={t("message.changed.note")}>
			{facts.length === 0 ? (
				<p className="py-3 text-quiet">{t("message.changed.nothing")}</p>
			) : (
				<Facts facts={facts} />
			)}
		</Section>
	);

	function placed({ owner, purse }: Place) {
		if (owner === "issued" || owner === "burned") return common(owner);
		if (owner === "treasury") return common("treasury");
		return t.rich("message.changed.at", { who: () => <Agent of={owner} />, purse: purseOf(purse) });
	}

	function purseOf(purse: string): string {
		return common(`purses.${purse as "hot"}`);
	}

	/** What has no words here is told by the rules' own name. */
	function whyOf(why: string): string {
		return t.has(`message.changed.why.${why as "hold"}`) ? t(`message.changed.why.${why as "hold"}`) : why;
	}

	function named({ kind, id }: Thing) {
		const name = t.has(`message.changed.kinds.${kind as "entry"}`)
			? t(`message.changed.kinds.${kind as "entry"}`)
			: kind.replaceAll("_", " ");
		const href = hrefOf(kind, id, seq);
		if (href !== undefined) return <a href={href}>{name}</a>;
		return (
			<>
				{name} <span className="break-all font-mono text-sm">{id}</span>
			</>
		);
	}

	/** The rules' own word for it; a hash, by its beginning. */
	function state(name: string | null): string {
		return name === null ? t("message.changed.none") : name.replaceAll("-", " ");
	}
}

/** Where a thing is shown, as of then where it can be. */
function hrefOf(kind: string, id: string, seq: number): string | undefined {
	const [first, second] = id.split("/");
	switch (kind) {
		case "entry":
			return `/exchange/${id}?as_of=${seq}`;
		case "offer":
			return `/exchange/${second}?as_of=${seq}`;
		case "buy":
			return `/orders/${id}?as_of=${seq}`;
		case "post":
			return `/posts/${id}`;
		case "role":
		case "agent":
			return `/agents/${first}`;
		case "order":
		case "response":
		case "agreement":
		case "message":
		case "flags":
		case "appeal":
			return `/messages/${first}`;
	}
	return undefined;
}
