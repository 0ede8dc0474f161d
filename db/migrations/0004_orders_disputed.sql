-- The house operators' queue: open disputes among all orders ever.
create index orders_disputed on views.orders (rule_by) where status = 'disputed';
