/**
 * Threads at one run of work that comes in steps, each in parts that do not touch each other: whoever is free takes the
 * next part, and no part is begun before all of the steps before it are done. So a thread that gets no processor takes
 * nothing, and one alone does all of it: there is nobody to wait for but who has a part in hand. Plain JavaScript, for
 * the threads that embed.
 */

/** Words, a line of the processor's cache each: the run that all are called to, its subject, its next part, parts done. */
const [CALLED, SUBJECT, NEXT, DONE] = [0, 16, 32, 48];
export const TEAM_BYTES = 256;
/** Of the word that says the next part, the bits of the part; the run is above, so that nobody takes a part of a later one. */
const PART_BITS = 16;
const RUN_BITS = 32 - PART_BITS;
const PART_MASK = (1 << PART_BITS) - 1;
/** Looks before a thread sleeps, some 20 µs: a part takes that long, and to wake a thread twice as long. */
const LOOKS = 2_000;

/**
 * @param {Int32Array} words `TEAM_BYTES` of shared memory, of zeros at first
 * @param {readonly number[]} parts how many there are, by step
 * @param {(step: number, part: number, subject: number) => void} work does one part
 */
export function team(words, parts, work) {
	/** By step, how many parts come before it; at the end, how many there are. */
	const before = [0];
	const stepOf = new Uint16Array(parts.reduce((sum, count) => sum + count));
	for (const [step, count] of parts.entries()) {
		stepOf.fill(step, before[step], before[step] + count);
		before.push(before[step] + count);
	}

	function take(run) {
		for (;;) {
			const next = Atomics.load(words, NEXT);
			const part = next & PART_MASK;
			if (next >>> PART_BITS !== run || part === stepOf.length) return -1;
			if (Atomics.compareExchange(words, NEXT, next, next + 1) === next) return part;
		}
	}

	function until(done) {
		for (let looks = 0; ; looks++) {
			const now = Atomics.load(words, DONE);
			if (now >= done) return;
			if (looks > LOOKS) Atomics.wait(words, DONE, now);
		}
	}

	/** Until nothing is left to be taken. Who has a part in hand holds up the run: its subject is the one now said. */
	function workAt(run) {
		for (let taken = take(run); taken !== -1; taken = take(run)) {
			const step = stepOf[taken];
			until(before[step]);
			work(step, taken - before[step], Atomics.load(words, SUBJECT));
			if (Atomics.add(words, DONE, 1) + 1 === before[step + 1]) Atomics.notify(words, DONE);
		}
	}

	let run = 0;
	return {
		/** One run, by the thread that leads; `together` calls the others to it. */
		lead(subject, together) {
			run = (run + 1) % (1 << RUN_BITS);
			Atomics.store(words, SUBJECT, subject);
			Atomics.store(words, DONE, 0);
			Atomics.store(words, NEXT, run << PART_BITS);
			if (together) {
				Atomics.store(words, CALLED, run);
				Atomics.notify(words, CALLED);
			}
			workAt(run);
			until(stepOf.length);
		},
		/** In another thread: helps with each run that it is called to, until the thread is ended. */
		help() {
			for (let called = 0; ; workAt(called)) {
				Atomics.wait(words, CALLED, called);
				called = Atomics.load(words, CALLED);
			}
		},
	};
}
