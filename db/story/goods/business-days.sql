-- Working days from one date to another, the first counted, the second not: Monday to Friday, without the days in the table
-- holidays(day date). Negative when the second lies before the first. A century costs what a week costs. PostgreSQL 14+.

-- Monday to Friday days since Monday, 3 January 2000; negative before it.
create function weekdays_until(day date) returns int
language sql immutable parallel safe
return 5 * floor((day - date '2000-01-03') / 7.0)::int
	+ least(5, day - date '2000-01-03' - 7 * floor((day - date '2000-01-03') / 7.0)::int);

create function working_days(from_day date, to_day date) returns int
language sql stable parallel safe
return weekdays_until(to_day) - weekdays_until(from_day)
	- (case when from_day <= to_day then 1 else -1 end) * (
		select count(distinct day)::int from holidays
		where day >= least(from_day, to_day) and day < greatest(from_day, to_day) and extract(isodow from day) < 6
	);
