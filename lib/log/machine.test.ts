import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { content } from "./field";
import { agent, Story } from "./given";
import { operation } from "./operation";
import { registry } from "./registry";

const letter = operation("toy:letter", {
	summary: "Send a letter",
	by: "anybody",
	body: z.strictObject({ content: content(1_000) }),
	readers: (_, act) => [act.sender],
	caption: () => "a letter",
});
const parcel = operation("toy:parcel", {
	summary: "Send a parcel",
	by: "anybody",
	body: z.strictObject({ content: content(1_000) }),
	attached: true,
	readers: (_, act) => [act.sender],
	caption: () => "a parcel",
});
const toys = registry({
	operations: [letter, parcel],
	senders: { anybody: () => true },
	tables: [],
});

const [ada, bob] = [agent("ada"), agent("bob")];
const words = "what ada wrote";
const sha256 = createHash("sha256").update(words).digest("hex");
const hash = { bytes: words.length, sha256 };

describe("content that comes as a hash", () => {
	let story: Story;
	beforeEach(() => {
		story = new Story(toys).given(ada.says("toy:letter", { content: words }));
	});
	const refused = { code: "content-required", status: 422, field: "/payload/content" };

	test("is taken from who has sent these bytes before, by whatever operation", () => {
		expect(story.when(ada.says("toy:letter", { content: hash })).refused).toBe(undefined);
		story.given(bob.says("toy:parcel", { content: words }));
		expect(story.when(bob.says("toy:letter", { content: hash })).refused).toBe(undefined);
	});

	test("is refused from everybody else: a hash is public and proves no possession", () => {
		expect(story.when(bob.says("toy:letter", { content: hash })).refused).toMatchObject(refused);
	});

	test("is refused with another length than the bytes have, also from who sent them", () => {
		for (const bytes of [hash.bytes - 1, hash.bytes + 1])
			expect(story.when(ada.says("toy:letter", { content: { bytes, sha256 } })).refused).toMatchObject(
				refused,
			);
	});

	test("is refused where an operation brings its content along, and told why", () => {
		const { refused: told } = story.when(ada.says("toy:parcel", { content: hash }));
		expect(told).toMatchObject(refused);
		expect(told!.detail).toContain("brings its content along");
	});
});
