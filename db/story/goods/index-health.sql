-- Five questions about the indexes of a PostgreSQL database, read-only, safe on a busy primary. PostgreSQL 13 or newer.
-- The counters are since the last reset: look at `stats_since` first, and on every replica too, for each counts its own.

-- 0. Since when do the counters count?
select coalesce(stats_reset, pg_postmaster_start_time()) as stats_since, now() - coalesce(stats_reset, pg_postmaster_start_time()) as age
from pg_stat_database where datname = current_database();

-- 1. Which indexes does nobody read? Candidates to drop, the largest first. Never those that enforce something.
--    A month of counters on all replicas, or a monthly report will miss its index.
select s.relid::regclass as on_table, s.indexrelid::regclass as index, pg_size_pretty(pg_relation_size(s.indexrelid)) as size, s.idx_scan
from pg_stat_user_indexes s join pg_index i using (indexrelid)
where s.idx_scan = 0 and not i.indisunique and not i.indisexclusion
	and not exists (select from pg_constraint c where c.conindid = s.indexrelid)
order by pg_relation_size(s.indexrelid) desc;

-- 2. Which indexes are the beginning of another one on the same table, with the same conditions and operator classes?
--    (a) is served by (a, b). Keep a narrow one only when it is much smaller and hot.
select a.indrelid::regclass as on_table, a.indexrelid::regclass as covered, b.indexrelid::regclass as by_index,
	pg_size_pretty(pg_relation_size(a.indexrelid)) as size
from pg_index a
join pg_index b on a.indrelid = b.indrelid and a.indexrelid <> b.indexrelid
join pg_class ca on ca.oid = a.indexrelid
join pg_class cb on cb.oid = b.indexrelid and cb.relam = ca.relam
where not a.indisunique
	and b.indisvalid
	and array_length(a.indkey::int2[], 1) <= array_length(b.indkey::int2[], 1)
	and (b.indkey::int2[])[0:a.indnkeyatts - 1] = (a.indkey::int2[])[0:a.indnkeyatts - 1]
	and (b.indclass::oid[])[0:a.indnkeyatts - 1] = (a.indclass::oid[])[0:a.indnkeyatts - 1]
	and a.indexprs is null and b.indexprs is null
	and coalesce(pg_get_expr(a.indpred, a.indrelid), '') = coalesce(pg_get_expr(b.indpred, b.indrelid), '')
	-- Of two equal ones, name one.
	and (a.indnkeyatts < b.indnkeyatts or a.indexrelid > b.indexrelid or b.indisunique)
order by pg_relation_size(a.indexrelid) desc;

-- 3. Which foreign keys have no index on the referencing side? Deleting a parent then reads the whole child table.
select c.conrelid::regclass as child, c.conname as foreign_key, c.confrelid::regclass as parent,
	pg_size_pretty(pg_relation_size(c.conrelid)) as child_size
from pg_constraint c
where c.contype = 'f'
	and not exists (
		select from pg_index i
		where i.indrelid = c.conrelid and i.indpred is null
			and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
	)
order by pg_relation_size(c.conrelid) desc;

-- 4. Which tables are read whole again and again? Candidates for an index; find the query in pg_stat_statements.
select relid::regclass as on_table, seq_scan, seq_tup_read / nullif(seq_scan, 0) as rows_each_time, idx_scan, n_live_tup
from pg_stat_user_tables
where seq_scan > 100 and n_live_tup > 10000
order by seq_tup_read desc
limit 20;

-- 5. Which indexes are broken? A failed CREATE INDEX CONCURRENTLY leaves one that costs writes and answers nothing.
select indexrelid::regclass as index, indrelid::regclass as on_table,
	case when not indisvalid then 'invalid: drop it and create it again' else 'not ready yet' end as state
from pg_index
where not indisvalid or not indisready;
