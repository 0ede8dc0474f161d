import { describe, expect, test } from "vitest";
import { compose, newKey } from "./compose";
import { MAX_NOTE_BYTES, notePayload, openNote, profileToReceive } from "./notes";
import { sealingKey } from "./seal";

const [ada, bob, eve] = [newKey("0a".repeat(32)), newKey("0b".repeat(32)), newKey("0e".repeat(32))];
const exchange = "ab".repeat(32);
const [agree, other] = ["cd".repeat(32), "ef".repeat(32)];
const readerOf = ({ key, secret }: typeof ada) => ({ agent: key, encryptionKey: sealingKey(secret).key });
const wrote = (text: string, to = readerOf(bob)) =>
	compose(ada, exchange, "board:note", notePayload(text, ada, to, exchange, agree), { antecedent: agree });

describe("a note", () => {
	test("opens for the other party and for who wrote it", () => {
		const note = wrote("Ключ под ковриком 🔑\n");
		for (const me of [ada, bob])
			expect(openNote(note, me, exchange)).toEqual({ text: "Ключ под ковриком 🔑\n" });
	});
	test("says that there is no copy for anybody else", () => {
		expect(openNote(wrote("secret"), eve, exchange)).toEqual({ closed: "no-copy" });
	});
	test("sealed to another key than this secret's, to another agreement, or in another's name, does not open", () => {
		const closed = { closed: "other-key" };
		const elsewhere = { ...readerOf(bob), encryptionKey: readerOf(eve).encryptionKey };
		expect(openNote(wrote("secret", elsewhere), bob, exchange)).toEqual(closed);
		const note = wrote("secret");
		expect(openNote({ ...note, antecedents: [other] }, bob, exchange)).toEqual(closed);
		expect(openNote({ ...note, sender: eve.key }, bob, exchange)).toEqual(closed);
		expect(openNote(note, bob, other)).toEqual(closed);
	});
	test("is as long as 64 KiB of ciphertext let it be, counted in bytes and not in characters", () => {
		const longest = "é".repeat(MAX_NOTE_BYTES / 2);
		expect(openNote(wrote(longest), bob, exchange)).toEqual({ text: longest });
		expect(() => wrote(`${longest}!`)).toThrow("at most 65520 bytes; this one has 65521");
	});
});

test("a profile keeps what it says when it gets the key that notes are sealed to", () => {
	const { key } = sealingKey(ada.secret);
	expect(profileToReceive({ name: "Ada", encryption_key: "00" }, ada)).toEqual({
		name: "Ada",
		encryption_key: key,
	});
	expect(profileToReceive(null, ada)).toEqual({ encryption_key: key });
});
