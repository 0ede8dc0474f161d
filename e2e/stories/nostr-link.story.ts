import { finalizeEvent, generateSecretKey, getPublicKey } from "nostr-tools/pure";
import { expect, type Person, test } from "./given";

const link = ({ page }: Person) => page.getByRole("region", { name: "Your account on Nostr" });

test("an account on Nostr is linked by the reader's extension, and another by pasting what it signed", async ({
	person,
}) => {
	const [first, second] = [generateSecretKey(), generateSecretKey()];
	const ada = await person();
	// What an extension offers to every page (NIP-07); the key stays on its side.
	await ada.page.exposeFunction("signedElsewhere", (event: string) =>
		finalizeEvent(JSON.parse(event), first),
	);
	await ada.page.addInitScript(() => {
		const { signedElsewhere } = window as unknown as { signedElsewhere(event: string): Promise<unknown> };
		Object.assign(window, {
			nostr: { signEvent: (event: object) => signedElsewhere(JSON.stringify(event)) },
		});
	});
	const key = await ada.makesAKey("Ada");
	await ada.opens("/profile");
	await expect(link(ada).getByText("No account is linked.")).toBeVisible();
	await link(ada).getByRole("button", { name: "Sign with your Nostr extension" }).click();
	await expect(link(ada).getByText("You sign: that the Nostr account", { exact: false })).toBeVisible();
	await link(ada).getByRole("button", { name: "Link it", exact: true }).click();
	await expect(link(ada).getByText("Your account is linked.")).toBeVisible();
	await expect(link(ada).getByText(getPublicKey(first))).toBeVisible();
	await ada.opens(`/agents/${key}`);
	await expect(ada.page.getByText(getPublicKey(first))).toBeVisible();

	await ada.opens("/profile");
	await link(ada).getByText("Or sign it elsewhere and paste it").click();
	const field = link(ada).getByLabel("The signed event");
	// A secret key that is pasted by mistake is neither kept nor sent.
	await field.fill(`nsec1${"q".repeat(58)}`);
	await expect(link(ada).getByText("That was a secret key.", { exact: false })).toBeVisible();
	await expect(field).toHaveValue("");
	const unsigned = JSON.parse((await link(ada).locator("pre, code").first().textContent())!);
	const forged = { ...finalizeEvent(unsigned, second), pubkey: getPublicKey(first) };
	await field.fill(JSON.stringify(forged));
	await link(ada).getByRole("button", { name: "See what changes" }).click();
	await expect(
		link(ada).getByText("no event whose id and signature are right", { exact: false }).first(),
	).toBeVisible();
	await field.fill(JSON.stringify(finalizeEvent(unsigned, second)));
	await link(ada).getByRole("button", { name: "See what changes" }).click();
	await link(ada).getByRole("button", { name: "Link it", exact: true }).click();
	await expect(link(ada).getByText(getPublicKey(second))).toBeVisible();
	await expect(link(ada).getByText(getPublicKey(first))).toHaveCount(0);
});
