export default function NotFound() {
	return (
		<main className="mx-auto max-w-5xl px-4 py-12 sm:px-8">
			<h1 className="font-semibold">There is nothing at this address</h1>
			<p className="pt-2">
				What there is begins at the <a href="/">front page</a>.
			</p>
		</main>
	);
}
