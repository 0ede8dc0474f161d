import { cache } from "react";
import { opened } from "@/lib/doors/opened";

/** Names of agents on one page, asked for together: the first asks, those of the same turn share its question. */
export const namesOf = cache(async (key: string): Promise<string | undefined> => (await asking()).name(key));

const asking = cache(async () => {
	const { house } = await opened();
	let waiting: Set<string> | undefined;
	let answer: Promise<Map<string, string>> | undefined;
	return {
		async name(key: string): Promise<string | undefined> {
			waiting ??= new Set();
			waiting.add(key);
			answer ??= new Promise((resolve, reject) => {
				setImmediate(() => {
					const keys = [...waiting!];
					waiting = undefined;
					answer = undefined;
					house.readSql`
						select key, message_id, profile ->> 'name' as name from views.profiles
						where key in ${house.readSql(keys)} and profile ->> 'name' is not null`.then((rows) => {
						const said = rows.filter(({ message_id }) => !house.withheld.by(message_id));
						resolve(new Map(said.map((row) => [row.key, row.name])));
					}, reject);
				});
			});
			return (await answer).get(key);
		},
	};
});
