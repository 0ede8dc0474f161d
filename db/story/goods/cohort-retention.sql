-- Retention by cohort: of the people who first came in a week, how many came back 0, 1, 2 … weeks later.
-- PostgreSQL 12 or newer.
-- In:  events(person, at timestamptz): one row a visit, an order, a login.
-- Out: one row a cohort and week: cohort (its Monday), people in it, weeks since, how many were active, and their share.
--
-- Three things that most versions of this query get wrong:
--   1. A week in which nobody of a cohort came has no row, and charts draw a line over the hole. Here it is a row with 0.
--   2. The last week is not over; its low figure looks like a collapse. It is left out.
--   3. Weeks begin at somebody's midnight: the zone is named once, below.

with settings as (
	select 'UTC'::text as zone
),
active as (
	select distinct person, date_trunc('week', at at time zone zone)::date as week
	from events, settings
),
first_seen as (
	select person, min(week) as cohort from active group by person
),
sizes as (
	select cohort, count(*) as people from first_seen group by cohort
),
last_whole as (
	select (date_trunc('week', now() at time zone zone) - interval '1 week')::date as week from settings
),
grid as (
	select cohort, people, monday::date as week, (monday::date - cohort) / 7 as weeks_since
	from sizes
	cross join last_whole
	cross join lateral generate_series(cohort, last_whole.week, interval '1 week') as monday
),
counted as (
	select f.cohort, a.week, count(*) as active
	from first_seen f join active a using (person)
	group by f.cohort, a.week
)
select g.cohort, g.people, g.weeks_since, coalesce(c.active, 0) as active,
	round(coalesce(c.active, 0)::numeric / g.people, 4) as share
from grid g
left join counted c on c.cohort = g.cohort and c.week = g.week
order by g.cohort, g.weeks_since;

-- As a triangle for a spreadsheet, one row a cohort: wrap the above as `retention` and
--   select cohort, people,
--     max(share) filter (where weeks_since = 1) as week_1,
--     max(share) filter (where weeks_since = 4) as week_4,
--     max(share) filter (where weeks_since = 12) as week_12
--   from retention group by cohort, people order by cohort;
--
-- For monthly cohorts replace 'week' by 'month', the interval by '1 month', and weeks_since by
--   (extract(year from age(month, cohort)) * 12 + extract(month from age(month, cohort)))::int
-- On more than some ten million events, keep `active` as a table that a nightly job appends to.
