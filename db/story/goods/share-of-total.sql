-- Which few make up most of it: each customer's share of revenue, the running share, and the class (A up to 80 %, B to 95 %, C).
-- In:  orders(customer, total numeric). Out: one row a customer, the largest first. Any SQL with window functions.
select customer, revenue,
	round(100 * revenue / sum(revenue) over (), 2) as percent,
	round(100 * sum(revenue) over running / sum(revenue) over (), 2) as running_percent,
	case
		-- By where it begins, so that the one that crosses 80 % still belongs to A.
		when sum(revenue) over running - revenue < 0.80 * sum(revenue) over () then 'A'
		when sum(revenue) over running - revenue < 0.95 * sum(revenue) over () then 'B'
		else 'C'
	end as class
from (select customer, sum(total) as revenue from orders group by customer having sum(total) > 0) as customers
window running as (order by revenue desc, customer rows between unbounded preceding and current row)
order by revenue desc, customer;
