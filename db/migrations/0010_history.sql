-- What each message made of the rows whose past is kept.
create table views.history (
	table_name text not null,
	-- Byte by byte: keys with one beginning stand together.
	key text collate "C" not null,
	seq bigint not null,
	row jsonb,
	constraint history_table_name_key_seq_pk primary key (table_name, key, seq)
);
create index history_seq on views.history (seq);
--> statement-breakpoint
-- Older folds kept no past: a log that is there already is folded anew at the next start.
create table rebuild_due (why text primary key);
insert into rebuild_due select 'history' from head where seq > 0;
