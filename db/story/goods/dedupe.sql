-- Deletes duplicate rows and keeps the newest of each, in one statement, whether or not the table has a primary key.
-- PostgreSQL. Replace `people`, the columns that make two rows "the same" (email), and what makes one newer (updated_at).

-- 1. Look first: how many rows would go?
select count(*) - count(distinct lower(email)) as would_go from people where email is not null;

-- 2. Delete. `ctid` is the row's place: it tells even identical rows apart. Rows without an email are nobody's duplicates.
begin;
lock table people in share row exclusive mode;
with ranked as (
	select ctid, row_number() over (partition by lower(email) order by updated_at desc nulls last, ctid desc) as place
	from people
	where email is not null
)
delete from people using ranked
where people.ctid = ranked.ctid and ranked.place > 1;

-- 3. In the same transaction, so that nothing slips in between: never again.
create unique index people_email_once on people (lower(email));
commit;
