import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { canaries, type Schema, STEERS, WORD } from "./canary";
import { document as described } from "./sown";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** What the sentence says that stands with each claim, to the eye or to who cannot see the line under it. */
const SAYS_SO = /nobody has checked/;

/**
 * What is wrong with how a page shows canaries: nothing, where each is text, is marked as somebody's claim, and steers nothing. What
 * the reader has written himself need not be marked to him, and stands in his forms as he wrote it.
 */
function faultsOfPage(html: string, policy: string, reader: string | undefined): string[] {
	const faults: string[] = [];
	const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
	visit(parse(html).childNodes, []);
	return faults;

	function visit(nodes: Node[], above: Element[]): void {
		for (const node of nodes) {
			if (node.nodeName === "#text") text((node as DefaultTreeAdapterTypes.TextNode).value, above);
			if (node.nodeName === "#comment" && held((node as DefaultTreeAdapterTypes.CommentNode).data))
				faults.push("a canary in a comment");
			if (!("tagName" in node)) continue;
			element(node);
			visit(
				node.tagName === "template"
					? (node as DefaultTreeAdapterTypes.Template).content.childNodes
					: node.childNodes,
				[...above, node],
			);
		}
	}

	function element({ tagName, attrs }: Element): void {
		const attributes = Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
		for (const { name, value } of attrs) {
			const where = `<${tagName} ${name}="${value.slice(0, 80)}">`;
			if (/^on/.test(name)) faults.push(`a handler: ${where}`);
			if (held(name) || (["id", "class", "name"].includes(name) && held(value)))
				faults.push(`a canary: ${where}`);
			if (name === "style" && held(value)) faults.push(`a style: ${where}`);
			if (STEERS.test(value) && tagName !== "input") faults.push(`unseen signs: ${where}`);
			if (["href", "src", "action", "formaction", "poster", "data"].includes(name) && !isOwn(value))
				faults.push(`another place: ${where}`);
		}
		if (held(tagName)) faults.push(`a canary's tag: <${tagName}>`);
		if (tagName === "script" && attributes.nonce !== nonce && attributes.src === undefined)
			faults.push("a script without the page's nonce");
		if (
			["img", "iframe", "object", "embed", "form", "base", "meta"].includes(tagName) &&
			attrs.some(({ value }) => held(value))
		)
			faults.push(`a canary: <${tagName}>`);
	}

	function text(value: string, above: Element[]): void {
		if (!held(value) || above.some(({ tagName }) => tagName === "script" || tagName === "textarea")) return;
		const said = value.trim().slice(0, 60);
		if (STEERS.test(value)) faults.push(`unseen signs: ${JSON.stringify(said)} ${where(above)}`);
		if (above.some(({ tagName }) => tagName === "title") || above.some(marks)) return;
		if (wordsIn(value).some((word) => canaries.find((one) => one.word === word)?.by !== reader))
			faults.push(`unmarked: ${JSON.stringify(said)} ${where(above)}`);
	}

	function where(above: Element[]): string {
		return above
			.slice(-4)
			.map(({ tagName, attrs }) => `${tagName}.${attrs.find(({ name }) => name === "class")?.value ?? ""}`)
			.join(" > ");
	}
}

/** Whether an element says of what is in it that it is somebody's claim. */
function marks({ attrs, childNodes }: Element): boolean {
	const of = (name: string) => attrs.find((one) => one.name === name)?.value ?? "";
	if (of("class").split(" ").includes("claim") || SAYS_SO.test(of("title"))) return true;
	return childNodes.some(
		(child) =>
			"tagName" in child &&
			child.attrs.some(({ value }) => value === "sr-only") &&
			SAYS_SO.test(textOf(child)),
	);
}

function textOf(node: Node): string {
	if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
	return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

const wordsIn = (text: string): string[] => text.match(WORD) ?? [];
const held = (text: string): boolean => text.search(WORD) >= 0;

/** A place of this exchange, or a picture within the address itself. */
const isOwn = (address: string): boolean =>
	/^(\/(?!\/)|#|\?|data:image\/|http:\/\/127\.0\.0\.1:\d+\/|$)/.test(address);

/** What OpenAPI describes: a page's file of lines holds messages, as the log itself does. */
const describedAs = (route: string): string =>
	route.endsWith(".ndjson") && !described.paths[route] ? "/api/messages" : route;

/** What is wrong with how an answer holds canaries: nothing, where OpenAPI says of each field that holds one that it is tainted. */
function faultsOfJson(value: unknown, route: string, type: string): string[] {
	const faults = new Set<string>();
	const { get } = described.paths[describedAs(route)] ?? {};
	const content = (
		(get as Schema)?.responses as Record<string, { content?: Record<string, { schema: Schema }> }>
	)?.[200]?.content;
	visit(value, content?.[type] ? [content[type].schema] : [], "", false);
	return [...faults];

	function visit(value: unknown, schemas: Schema[], field: string, tainted: boolean): void {
		if (typeof value === "string") {
			if (held(value) && !tainted) faults.add(`not said to be tainted: ${route} ${field}`);
			return;
		}
		if (typeof value !== "object" || value === null) return;
		const all = schemas.flatMap(branches);
		for (const [name, member] of Object.entries(value)) {
			if (held(name)) faults.add(`a field's name: ${route} ${field}`);
			const below = all
				.map(({ items, properties, additionalProperties }) =>
					Array.isArray(value) ? items : (properties?.[name] ?? (additionalProperties as Schema | undefined)),
				)
				.filter((one) => one !== undefined);
			const says = below.flatMap(branches).some((schema) => schema["x-trust"] === "tainted");
			visit(
				member,
				below,
				`${field}/${Array.isArray(value) ? 0 : name}`,
				says || (tainted && below.length === 0) || (tainted && Array.isArray(value)),
			);
		}
	}
}

/** A schema, and all that it may be instead. */
function branches(schema: Schema): Schema[] {
	if (typeof schema !== "object") return [];
	const { $ref, ...rest } = schema;
	const { anyOf = [], oneOf = [], allOf = [] } = rest as Record<string, Schema[] | undefined>;
	const named = $ref ? [described.components.schemas[String($ref).split("/").at(-1)!]!] : [];
	return [schema, ...[...named, ...anyOf, ...oneOf, ...allOf].flatMap(branches)];
}

/** Cells of a table that a spreadsheet would compute: RFC 4180, read cell by cell. */
function formulasIn(csv: string): string[] {
	const cells = [...csv.matchAll(/(?:^|,|\r\n)("(?:[^"]|"")*"|[^",\r\n]*)/g)].map(([, cell]) =>
		cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!,
	);
	return cells.filter((cell) => held(cell) && /^[=+\-@\t\r]/.test(cell));
}

export { held };

/** What is wrong with how an answer of any kind holds canaries. */
export function faultsOf(
	answer: Response,
	text: string,
	{ route, reader }: { route: string; reader: string | undefined },
): string[] {
	const type = (answer.headers.get("Content-Type") ?? "").split(";")[0]!;
	const faults = [...answer.headers].filter(([, value]) => held(value)).map(([name]) => `the header ${name}`);
	if (answer.status >= 500) faults.push(`${answer.status}`);
	if (answer.status >= 400 && type !== "text/html") return held(text) ? [...faults, "a refusal"] : faults;
	return [...faults, ...inside().map((fault) => fault.replace(WORD, "canary").slice(0, 240))];

	function inside(): string[] {
		switch (type) {
			case "text/html":
				return faultsOfPage(text, answer.headers.get("Content-Security-Policy") ?? "", reader);
			case "application/json":
			case "application/feed+json":
				return faultsOfJson(JSON.parse(text), route, type);
			case "application/x-ndjson":
				return text
					.trim()
					.split("\n")
					.flatMap((line) => faultsOfJson(JSON.parse(line), route, type));
			case "text/csv":
				return formulasIn(text);
			case "application/atom+xml":
				return faultsOfXml(text);
			default:
				return held(text) ? [`in ${type}`] : [];
		}
	}
}

/** An element of the feed's own holds canaries as text: none of them is an element, a comment or a sign that XML cannot hold. */
function faultsOfXml(text: string): string[] {
	const names = new Set([...text.matchAll(/<[/!?]?([\w:-]*)/g)].map(([, name]) => name!));
	const known =
		"xml feed title subtitle id updated author name uri link entry published category content summary".split(
			" ",
		);
	return [
		...[...names].filter((name) => !known.includes(name)).map((name) => `an element <${name}>`),
		...(STEERS.test(text.replace(/[\u2068\u2069]/g, "")) ? ["unseen signs"] : []),
	];
}
