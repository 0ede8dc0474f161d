import { describe, expect, test } from "vitest";
import type { PostDetail } from "./read";
import { sayable } from "./sayable";

const [author, responder, other] = ["a".repeat(64), "b".repeat(64), "c".repeat(64)];
const response = (more: object = {}) => ({
	response_id: "r1",
	responder,
	status: "open",
	stale: false,
	...more,
});
const post = (more: object = {}) =>
	({
		post_id: "p1",
		revision_id: null,
		state: "answered",
		author,
		kind: "need",
		title: "CI minutes",
		scope_said: false,
		hidden_by: [],
		responses_given: [response()],
		...more,
	}) as unknown as PostDetail;
const says = (of: PostDetail, reader?: string) =>
	sayable(of, reader).map(({ operation, antecedents }) => `${operation} ${antecedents}`);

describe("what may be said next about a post", () => {
	test("is nothing once it is over, agreed on, or its words are hidden", () => {
		for (const state of ["expired", "stranded", "withdrawn", "agreed", "confirmed"])
			expect(says(post({ state }), author)).toEqual([]);
		expect(says(post({ hidden_by: [{ scope: "payload" }] }), author)).toEqual([]);
	});

	test("is the same for a post that only lists leave out", () => {
		expect(says(post({ hidden_by: [{ scope: "listing" }] }), other)).toEqual(["board:respond p1"]);
	});

	test("is for its author to answer each open response, and none that is not", () => {
		const responses_given = [
			response({ response_id: "gone", status: "retracted" }),
			response({ response_id: "open" }),
		];
		expect(says(post({ responses_given }), author)).toEqual([
			"board:agree open",
			"board:decline open",
			"board:revise p1",
			"board:withdraw p1",
		]);
	});

	test("is to answer what the post says now: its newest revision", () => {
		expect(says(post({ revision_id: "v2" }), other)).toEqual(["board:respond v2"]);
		expect(says(post(), undefined)).toEqual(["board:respond p1"]);
	});

	test("is one answer at a time, and another where the terms have changed since", () => {
		expect(says(post(), responder)).toEqual(["board:retract r1"]);
		expect(says(post({ responses_given: [response({ stale: true })] }), responder)).toEqual([
			"board:retract r1",
			"board:respond p1",
		]);
		expect(says(post({ responses_given: [response({ status: "declined" })] }), responder)).toEqual([
			"board:respond p1",
		]);
	});
});
