import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { weekOf } from "../week";
import { isWhole } from "./lint";
import { type Read, read } from "./read";
import { write } from "./write";

/**
 * Posts as people and agents write them, each with its right reading: `corpus/*.txt`. Read on a Monday morning in Berlin
 * unless the heading says otherwise.
 */
interface Post {
	name: string;
	text: string;
	now: number;
	zone: string | undefined;
	reads: string[];
}

const corpus = new URL("./corpus/", import.meta.url);

function postsIn(file: string): Post[] {
	const blocks = readFileSync(new URL(file, corpus), "utf8").split(/^=== /m).slice(1);
	return blocks.map((block) => {
		const [head, ...rest] = block.split("\n");
		const [name, ...options] = head!.split(" | ");
		const option = (key: string) => options.find((one) => one.startsWith(`${key} `))?.slice(key.length + 1);
		const [text, reads] = rest.join("\n").split("--- reads\n");
		return {
			name: name!,
			text: text!,
			now: Date.parse(option("now") ?? "2026-11-16T09:00Z"),
			zone: option("zone") === "none" ? undefined : "Europe/Berlin",
			reads: reads!.split("\n").filter(Boolean),
		};
	});
}

function readPost({ text, now, zone }: Post): Read {
	return read(text, { ...(zone && { zone }), week: weekOf(now), now, windowMaxDays: 14 });
}

function said({ fields, errors, hints }: Read): string[] {
	const { window, budget } = fields;
	const values: [string, string | undefined][] = [
		["kind", fields.kind],
		["title", fields.title],
		["region", fields.region],
		["tz", fields.tz],
		["window", window && `${window.start} .. ${window.end}`],
		["cap", budget?.cap],
		["unit", budget?.unit],
		...Object.entries(fields.resources ?? {}),
		...Object.entries(fields.constraints ?? {}),
		["success", fields.success_condition],
		["contact", fields.contact],
		["scope", fields.scope],
	];
	return [
		...values.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`),
		...errors.map(({ code, field, line }) => `error: ${code} ${field || "-"} ${line ?? "-"}`),
		...hints.map(({ code, field, line }) => `hint: ${code} ${field || "-"} ${line ?? "-"}`),
	];
}

for (const file of readdirSync(corpus)) {
	const posts = postsIn(file);
	describe(`a post, ${file.replace(".txt", "")}`, () => {
		test.each(posts.map((post) => [post.name, post] as const))("%s", (_, post) => {
			expect(said(readPost(post))).toEqual(post.reads);
		});
	});

	test(`every whole one of ${file} is copied out and read back the same`, () => {
		const whole = posts
			.map((post) => ({ post, fields: readPost(post).fields }))
			.filter(({ fields }) => isWhole(fields));
		expect(whole.length).toBeGreaterThan(0);
		for (const { post, fields } of whole)
			if (isWhole(fields)) expect(readPost({ ...post, text: write(fields) }).fields).toEqual(fields);
	});
}
