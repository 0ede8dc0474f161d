-- Runs of consecutive days ("islands") and the gaps between them, one pass, any PostgreSQL from 9.6 on.
-- In:  visits(person, day): one row a visit; several a day do not matter.
-- Out: one row a run: person, its first and last day, its length, and the days of silence before it (null for the first).
--
-- Why it works: within a run, the day and its row number grow together, so their difference is constant.

with days as (
	select distinct person, day from visits
),
numbered as (
	select person, day, day - (row_number() over (partition by person order by day))::int as run
	from days
),
runs as (
	select person, min(day) as first_day, max(day) as last_day, count(*) as length
	from numbered
	group by person, run
)
select person, first_day, last_day, length,
	first_day - lag(last_day) over (partition by person order by first_day) - 1 as silent_days_before
from runs
order by person, first_day;
