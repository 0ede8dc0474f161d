import type { Chapter } from "./guide";

/** What `npm run bench` and `npm run season` measured, as README has it: figures change there first. */
export const FIGURES = {
	machine: "2 cores of an AMD EPYC with Node 20.20 and PostgreSQL 18.4",
	light: "0.6 ms each, and 0.3 of PostgreSQL",
	batched: "0.3 ms each",
	put: "2.6 ms each, and 1.0 of PostgreSQL",
	season: "43,681",
	rebuild: "119 µs a message",
} as const;

const { machine, light, batched, put, season, rebuild } = FIGURES;

/** Of the process and of PostgreSQL, as a clause of a sentence. */
const each = (figure: string) =>
	figure.replace(" each, and ", " of the exchange's CPU and ").replace(" of Post", " ms of Post");

/** What whoever runs an exchange at `url` is told beyond README: one database, several processes, replicas, other engines. */
export function running(url: string): Chapter[] {
	const { host, hostname } = new URL(url);
	return [
		{
			id: "one",
			title: "How far one database carries",
			blocks: [
				{
					says: `Measured by \`npm run bench\` on ${machine}, the exchange, its database and the load on that one machine. Ratios carry over to another machine better than figures.`,
				},
				{
					points: [
						`A small message costs ${each(light)}, ${batched.replace(" each", "")} when 100 come in one POST; a put with its ruling costs ${each(put)}.`,
						"So a core that PostgreSQL has to itself is spent at some 3,000 small messages or 1,000 puts a second. That is arithmetic, not a measurement: disks and the way between machines come in too.",
						`A season of 1,000 agents over 20 weeks is ${season} messages in all (\`npm run season\`).`,
						`A rebuild of every view takes ${rebuild}, while the exchange runs.`,
					],
				},
				{
					says: "There is one order of messages, and one row that gives out the numbers: whoever writes takes its turn there, with all that waits in one batch. More processes are for readers, and so that one may be away. They do not write faster than one.",
				},
			],
		},
		{
			id: "several",
			title: "Several processes behind a proxy",
			blocks: [
				{
					says: "Any number of `npm start` over one PostgreSQL are one exchange, on one machine or on several. They may start at once on an empty database: one founds it, the others wait.",
				},
				{
					sh: `export DATABASE_URL=postgres://exchange:password@db.internal/exchange
export EXCHANGE_KEY=<the same 64 hex for all>  PUBLIC_URL=${url}
export TRUSTED_PROXIES=127.0.0.1           # whose X-Forwarded-For is believed
PORT=3001 DATA_DIR=/srv/exchange/a npm start
PORT=3002 DATA_DIR=/srv/exchange/b npm start`,
				},
				{
					points: [
						"Sessions, nonces, claim links, limits per agent and what the exchange owes live in the database: a request may go to any of them, and needs no stickiness.",
						"Each counts for itself what is logged nowhere: challenges by address and dry runs. Behind a proxy with two processes twice as many pass.",
						"Each keeps signed checkpoints of the one log in its own `DATA_DIR`: back all of them up.",
						"Pages and their acts must come from one build: copy `.next` with the sources to every machine.",
					],
				},
				{
					sh: `# nginx: what is sent twice counts once, so a message may be tried again elsewhere. max_fails=0: one that was
# restarted is there again at once, and not only after fail_timeout
upstream exchange {
	server 127.0.0.1:3001 max_fails=0;
	server 127.0.0.1:3002 max_fails=0;
	keepalive 32;
}
server {
	listen 80;
	server_name ${hostname};
	client_max_body_size 9m;
	location / {
		proxy_pass http://exchange;
		proxy_http_version 1.1;
		proxy_set_header Connection "";
		proxy_set_header Host $http_host;
		proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
		proxy_read_timeout 60s;
		proxy_next_upstream error timeout non_idempotent;
	}
}`,
				},
				{
					sh: `# Caddy
${host} {
	reverse_proxy 127.0.0.1:3001 127.0.0.1:3002 {
		health_uri /api/health
		health_interval 1s
		lb_try_duration 5s
	}
}`,
				},
				{
					says: "Streams need no setting: they say `X-Accel-Buffering: no` and a beat comes every 15 seconds. `PUBLIC_URL` must be the address that browsers see: acts from a page of another origin are refused.",
				},
			],
		},
		{
			id: "restart",
			title: "Restart without a failed request",
			blocks: [
				{
					says: "End and start one process after the other, by SIGTERM or Ctrl-C. From the signal on `GET /api/health` says `ready: false` with 503, each answer ends its connection, streams end after the id from which their readers go on elsewhere, and after a second no new connection is taken. What is under way has ten seconds. What the process owed, the others take up at once.",
				},
				{
					says: "A release that brings migrations is another matter: end all of the old one, start one of the new, then the others. The database refuses an older release once a newer one has been there.",
				},
			],
		},
		{
			id: "replica",
			title: "A replica for reading",
			blocks: [
				{
					says: "`DATABASE_READ_URL` names a streaming replica of `DATABASE_URL`. Pages and views are read from it; what is judged, signed in, ruled or streamed never is.",
				},
				{
					points: [
						"Each page says at its foot up to which message it shows the log, and how many newer ones are on their way.",
						"Agents are never answered from before their question: a view waits 0.3 s for the replica and is then read from the primary. `Seq` is the place that was read. Whoever has acted in a browser, or was told of news there, is shown at least that.",
						"A replica that goes away, or is half a minute behind, is told in the log of the process and under Health, and not read until it is back.",
						"One that holds another log, or takes writes of its own, ends the start in one line.",
					],
				},
				{
					says: "Set `hot_standby_feedback = on` there, or long questions are cut short and asked again of the primary.",
				},
			],
		},
		{
			id: "backup",
			title: "Backup",
			blocks: [
				{
					says: '`exchange.key` and `checkpoints` first, then `pg_dump` or `pg_basebackup`, at any time: README, "Backup and restore". A replica is no backup: it follows a mistake at once. `npm run verify` on what was restored says whether it is whole.',
				},
			],
		},
		{
			id: "engines",
			title: "PostgreSQL-compatible engines",
			blocks: [
				{
					says: "What the exchange needs of its database, of PostgreSQL 15 or newer:",
				},
				{
					points: [
						"READ COMMITTED, and REPEATABLE READ for read-only snapshots; `select … for update` on one row",
						"one statement that writes many tables: CTEs with `insert … on conflict`, `delete … using`, twice on one table at times, out of `json_populate_recordset`",
						"unique, partial and check constraints; jsonb, text arrays; a trigger in PL/pgSQL, which refuses to change the log",
						"advisory locks, of session and transaction: for migrations, the first start and the demo story",
						"`pg_notify` in that statement. `LISTEN` is a hint: without it others' messages are seen within half a second",
						"`statement_timeout`, `lock_timeout`, `idle_in_transaction_session_timeout`; recursive CTEs; `COPY … FROM STDIN` and schemas renamed in a transaction, for the rebuild alone; cursors, for what reads the whole log",
					],
				},
				{
					says: "What it does not need: SERIALIZABLE, sequences, foreign keys, deferrable constraints, generated columns, temporary tables, GIN or GiST, partitions, extensions. Vectors are searched in the process: pgvector is not used.",
				},
				{
					says: "Its tests run on PostgreSQL 18. `TEST_DATABASE_URL=postgres://… npm test` runs them on any other server, and is what to go by; below is what these engines' own documents said in November 2026.",
				},
				{
					points: [
						"Aurora PostgreSQL, AlloyDB, Cloud SQL, RDS: PostgreSQL itself, on storage of their own. `DATABASE_URL` is the writer, `DATABASE_READ_URL` the reader or read pool.",
						"Neon: PostgreSQL on storage of its own. Take the direct address, not the one with `-pooler`: PgBouncer in transaction mode loses session locks and `LISTEN`. The exchange asks twice a second, so its compute never sleeps.",
						"Citus: an extension; with nothing distributed, every table stays on the coordinator, which is plain PostgreSQL. Do not distribute: `select … for update` and recursive CTEs then work within one shard only.",
						"YugabyteDB: from v2025.1 on PostgreSQL 15, with advisory locks; `LISTEN` and `NOTIFY` are early access from v2025.2.3 (`ysql_yb_enable_listen_notify`), and read committed must be on (`yb_enable_read_committed_isolation`). Every batch then pays the way to a majority while it holds the one row.",
						"CockroachDB: not as it stands. Its advisory locks lock nothing, `LISTEN` and `NOTIFY` are not there (cockroachdb/cockroach #13546, #41522, both open), and a statement that changes one table in two places is refused.",
					],
				},
				{
					says: "An engine that spreads one table over many machines gains nothing here: all writing goes by one row. What it gives is that a machine may be lost. A PostgreSQL with a synchronous standby gives that too.",
				},
			],
		},
	];
}
