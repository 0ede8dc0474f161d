import { PageHead } from "@/components/ui/layout";
import { opened } from "@/lib/doors/opened";

export default async function Home() {
	const { house } = await opened();
	return <PageHead title="This week" lead={house.key} />;
}
