"use client";
import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { send, tryOut } from "@/app/door";
import { seen } from "@/components/frame/seen";
import { useKeys } from "@/components/keys/keys";
import { drafted } from "@/lib/client/compose";
import type { Exchange, Logged } from "@/lib/client/connect";
import type { Message, Payload } from "@/lib/log/message";

/** What somebody is about to say. */
export interface Acting {
	/** `exchange:put`, or with its phase `exchange:settle/complete`. */
	operation: string;
	payload: Payload;
	antecedents?: string[];
	/** What is said with it in one go, each in a message of its own, after it. */
	also?: readonly Omit<Acting, "also">[];
}

/** Every message that is said in this go, in order. */
export function allOf({ also = [], ...first }: Acting): readonly Omit<Acting, "also">[] {
	return [first, ...also];
}

export interface Refused {
	code: string;
	status: number;
	detail: string;
	/** JSON pointer of the field at fault. */
	field?: string;
	next?: string;
	/** Where to look: the id of a message. */
	see?: string;
}

export interface Effects {
	purses: { owner: string; purse: string; before: number; after: number }[];
	reputation: { agent: string; before: number; after: number }[];
	objects: { kind: string; id: string; from: string | null; to: string | null }[];
	owed: string[];
}

/** What the exchange would answer, as far as it can be known before. */
export interface Foretold {
	operation: string;
	payload: Payload;
}

export interface Recorded {
	message: { id: string; seq: number; received_at: string };
	replies: Logged[];
	replayed: boolean;
}

export type Step =
	| { is: "idle" }
	| { is: "looking" }
	/** What would change, before it is signed. */
	| { is: "review"; acting: Acting; effects: Effects; answers: Foretold[]; known: boolean }
	| { is: "signing" | "pending"; acting: Acting }
	/** `others`: of what was said with it. */
	| { is: "recorded"; acting: Acting; recorded: Recorded; others: Recorded[] }
	/** `before`: what was recorded in the same go before this one was refused. */
	| { is: "refused"; acting: Acting; refused: Refused; before: Recorded[] }
	/** This one was not recorded; the same message can be sent again. */
	| { is: "not-processed"; acting: Acting };

export interface Act {
	step: Step;
	busy: boolean;
	/** Shows what it would change first: for what moves money or cannot be undone. */
	look(acting: Acting): Promise<void>;
	/** Signs and sends it. */
	sign(acting: Acting): Promise<void>;
	/** Back to where nothing was asked. */
	reset(): void;
	/** What is wrong with the field at this pointer, or below it. */
	errorAt(pointer: string): string | undefined;
}

const NOT_PROCESSED = 503;

/**
 * One act, from what was written to what is recorded: idle → (looking → review →) signing → pending → recorded #seq. Never
 * optimistic. `wait`: seconds to wait for the exchange's answer, which is then among the replies.
 */
export function useAct({
	wait = 0,
	onRecorded,
}: {
	wait?: number;
	onRecorded?(recorded: Recorded, acting: Acting): void;
} = {}): Act {
	const router = useRouter();
	const { speaker } = useKeys();
	const [step, setStep] = useState<Step>({ is: "idle" });
	/** Signed and sent, and perhaps recorded: sent again it is the same message. */
	const unsure = useRef<{ of: string; message: Message }>(undefined);
	/** Of several said in one go those that were recorded: they are not said twice when the rest is tried again. */
	const done = useRef(new Map<string, Recorded>());

	const speaking = useCallback(
		async (work: (exchange: Exchange) => Promise<void>, acting: Acting) => {
			const exchange = await speaker();
			if (!exchange) return setStep({ is: "idle" });
			await work(exchange).catch(() => setStep({ is: "not-processed", acting }));
		},
		[speaker],
	);

	const look = useCallback(
		async (acting: Acting) => {
			setStep({ is: "looking" });
			await speaking(async (exchange) => {
				const effects: Effects[] = [];
				const answers: Foretold[] = [];
				let known = false;
				for (const { operation, payload, antecedents = [] } of allOf(acting)) {
					const draft = { sender: exchange.me!.key, ...drafted(operation, payload, { antecedents }) };
					const { status, body, replayed } = await tryOut(JSON.stringify(draft));
					if (status !== 200) return setStep(refusedAs(acting, status, body));
					effects.push(body.effects as Effects);
					answers.push(...(body.answers as Foretold[]));
					known ||= replayed;
				}
				setStep({ is: "review", acting, effects: together(effects), answers, known });
			}, acting);
		},
		[speaking],
	);

	const sign = useCallback(
		async (acting: Acting) => {
			setStep({ is: "signing", acting });
			await speaking(async (exchange) => {
				const all: Recorded[] = [];
				for (const one of allOf(acting)) {
					const { operation, payload, antecedents = [] } = one;
					const of = JSON.stringify([exchange.me!.key, one]);
					const before = done.current.get(of);
					if (before) {
						all.push(before);
						continue;
					}
					const message =
						unsure.current?.of === of
							? unsure.current.message
							: exchange.sign(operation, payload, { antecedents });
					unsure.current = { of, message };
					setStep({ is: "pending", acting });
					const { status, body, replayed } = await send(JSON.stringify(message), wait);
					if (status !== NOT_PROCESSED) unsure.current = undefined;
					if (status !== 200 && status !== 201) {
						if (all.length > 0) router.refresh();
						return setStep(refusedAs(acting, status, body, all));
					}
					const recorded = { ...(body as unknown as Omit<Recorded, "replayed">), replayed };
					seen(Math.max(recorded.message.seq, ...recorded.replies.map(({ seq }) => seq)));
					if (acting.also) done.current.set(of, recorded);
					all.push(recorded);
				}
				done.current.clear();
				const [recorded, ...others] = all as [Recorded, ...Recorded[]];
				setStep({ is: "recorded", acting, recorded, others });
				onRecorded?.(recorded, acting);
				router.refresh();
			}, acting);
		},
		[speaking, wait, onRecorded, router],
	);

	return {
		step,
		busy: step.is === "looking" || step.is === "signing" || step.is === "pending",
		look,
		sign,
		reset: useCallback(() => setStep({ is: "idle" }), []),
		errorAt: (pointer) => {
			if (step.is !== "refused" || step.refused.field === undefined) return undefined;
			const { field, detail } = step.refused;
			return field === pointer || field.startsWith(`${pointer}/`) ? detail : undefined;
		},
	};
}

/** What several messages change: each was tried alone, on what is the case now. */
function together(all: readonly Effects[]): Effects {
	const [first] = all;
	if (all.length === 1) return first!;
	return {
		purses: all.flatMap(({ purses }) => purses),
		reputation: all.flatMap(({ reputation }) => reputation),
		objects: all.flatMap(({ objects }) => objects),
		owed: [...new Set(all.flatMap(({ owed }) => owed))],
	};
}

function refusedAs(
	acting: Acting,
	status: number,
	body: Record<string, unknown>,
	before: Recorded[] = [],
): Step {
	if (status === NOT_PROCESSED) return { is: "not-processed", acting };
	const { code, detail, field, next, see } = body as unknown as Refused;
	return { is: "refused", acting, refused: { status, code, detail, field, next, see }, before };
}
