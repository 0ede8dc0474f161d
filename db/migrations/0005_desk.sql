-- What waits at a buyer's desk, among all orders ever.
create index orders_open on views.orders (buyer) where status in ('reserved', 'delivered', 'disputed');
--> statement-breakpoint
-- What earns for the author of another entry: copies and derivatives, few among all entries.
create index entries_derived on views.entries (origin) where origin <> id;
