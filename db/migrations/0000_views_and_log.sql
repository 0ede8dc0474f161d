-- What each table and column means stands in db/schema; db/schema.test.ts holds the two together.

-- ── the log, and what is kept beside it ──────────────────────────────────────────────────────────────────────

create table messages (
	seq bigint primary key,
	id text not null,
	operation text not null,
	sender text not null,
	received_at bigint not null,
	antecedent text,
	addressed text[] not null,
	body text not null,
	signature text not null
);
create unique index messages_id on messages (id);
create index messages_antecedent on messages (antecedent, seq) where antecedent is not null;
create index messages_sender on messages (sender, seq);
create index messages_operation on messages (operation, seq);

create table contents (
	sha256 text primary key,
	bytes integer not null,
	body text not null
);

create table pending_contents (
	sha256 text primary key,
	stored_at bigint not null
);

create table head (
	one boolean primary key default true,
	seq bigint not null,
	received_at bigint not null,
	batch bigint not null,
	epoch integer not null,
	frontier text[] not null,
	exchange_key text not null,
	constraint head_one check (one)
);

create table batches (
	batch bigint primary key,
	touched jsonb not null
);

create table limits (
	sender text not null,
	name text not null,
	window_start bigint not null,
	current integer not null,
	previous integer not null,
	constraint limits_sender_name_pk primary key (sender, name)
);

create table duty_leases (
	duty text primary key,
	process text not null,
	leased_until bigint not null,
	tries smallint not null,
	parked boolean default false not null,
	error text
);

create table vectors (
	embedder text not null,
	sha256 text not null,
	vectors bytea not null,
	constraint vectors_embedder_sha256_pk primary key (embedder, sha256)
);

create table nonces (
	nonce text primary key,
	key text not null,
	expires_at bigint not null
);

create table sessions (
	token_hash text primary key,
	key text not null,
	made_at bigint not null,
	made_by text not null,
	expires_at bigint not null
);

create table operator_claims (
	token_hash text primary key,
	made_at bigint not null
);

-- ── the views ────────────────────────────────────────────────────────────────────────────────────────────────
-- A fold of the log: a rebuild fills another schema and gives it this name. So no foreign key leads in or out.

create schema views;

create table views.duties (
	id text primary key,
	kind text not null,
	subject text not null,
	due bigint not null,
	data jsonb
);
create index duties_due on views.duties (due);

create table views.content_senders (
	sha256 text not null,
	sender text not null,
	constraint content_senders_sha256_sender_pk primary key (sha256, sender)
);

-- ── scrip ──────────────────────────────────────────────────────────────────────────────────────────────────────

create table views.purses (
	owner text not null,
	purse text not null,
	amount bigint not null,
	constraint purses_owner_purse_pk primary key (owner, purse),
	constraint purse_not_negative check (amount >= 0 or owner = 'issued'),
	constraint purse_kind check (purse in ('hot', 'held', 'bonded', 'vesting', 'cold'))
);

-- From purse to purse: what does not sum to zero cannot be written.
create table views.postings (
	seq bigint not null,
	n smallint not null,
	from_owner text not null,
	from_purse text not null,
	to_owner text not null,
	to_purse text not null,
	amount bigint not null,
	why text not null,
	constraint postings_seq_n_pk primary key (seq, n),
	constraint posting_positive check (amount > 0)
);
create index postings_from on views.postings (from_owner, seq);
create index postings_to on views.postings (to_owner, seq);

create table views.mints (
	reference text primary key,
	recipient text not null,
	amount bigint not null,
	message_id text not null
);

create table views.totals (
	name text primary key,
	amount bigint not null
);

-- ── agents ─────────────────────────────────────────────────────────────────────────────────────────────────────

create table views.profiles (
	key text primary key,
	profile jsonb not null,
	owner text not null,
	message_id text not null,
	updated_at bigint not null
);
create index profiles_owner on views.profiles (owner);

create table views.operator_ids (
	operator_id text primary key,
	key text not null
);
create index operator_ids_key on views.operator_ids (key);

create table views.roles (
	subject text not null,
	role text not null,
	message_id text not null,
	constraint roles_subject_role_pk primary key (subject, role)
);
create index roles_role on views.roles (role);

create table views.settings (
	name text primary key,
	value jsonb not null,
	message_id text not null
);

create table views.owners (
	owner text primary key,
	vouched boolean not null,
	minted_scrip bigint not null,
	purchased_scrip bigint not null,
	purchased_from integer not null,
	standing boolean not null
);

create table views.purchased_from (
	owner text not null,
	seller text not null,
	constraint purchased_from_owner_seller_pk primary key (owner, seller)
);

-- ── exchange ───────────────────────────────────────────────────────────────────────────────────────────────────

create table views.entries (
	id text primary key,
	put_seq bigint not null,
	seller text not null,
	seller_owner text not null,
	status text not null,
	held_for text,
	status_reason text,
	ruled_by text,
	description text not null,
	content_hash text not null,
	bytes integer not null,
	tokens integer not null,
	token_cost integer not null,
	content_type text not null,
	domains jsonb not null,
	declared_tier text,
	tier text not null,
	tier_pinned boolean not null,
	ttl_hours integer,
	embedding text not null,
	put_at bigint not null,
	review_by bigint,
	first_put_at bigint not null,
	accepted_at bigint,
	expires_at bigint,
	copy_of text,
	source_id text,
	origin text not null,
	appraisal_scrip bigint,
	advance_scrip bigint,
	paid_micro bigint not null,
	momentum_ppm integer not null,
	cluster_ppm integer not null,
	sales integer not null,
	last_prices_scrip jsonb not null,
	buyers integer not null,
	standing_buyers integer not null,
	gated boolean not null,
	cleared_until bigint,
	constraint entry_status check (status in ('pending', 'live', 'rejected', 'removed')),
	constraint entry_held check (held_for in ('auto-accept-off', 'reputation', 'appraisal')),
	constraint entry_type check (content_type in ('code', 'analysis', 'summary', 'plan', 'data', 'review', 'other')),
	constraint entry_tier check (tier in ('hot', 'warm', 'cold') and declared_tier in ('hot', 'warm', 'cold')),
	constraint entry_embedding check (embedding in ('none', 'sent', 'verified', 'flagged')),
	constraint entry_size check (bytes between 1 and 1048576 and tokens = (bytes + 3) / 4),
	constraint entry_cost check (token_cost between 1 and 10000000),
	constraint entry_live_is_whole check (
		status in ('pending', 'rejected')
		or (accepted_at is not null and expires_at is not null and appraisal_scrip is not null and advance_scrip is not null)
	),
	constraint entry_pays_within_appraisal check (advance_scrip between 0 and appraisal_scrip),
	constraint entry_paid check (paid_micro >= 0),
	constraint entry_factors check (momentum_ppm > 0 and cluster_ppm > 0),
	constraint entry_counts check (standing_buyers >= 0 and buyers >= standing_buyers and sales >= buyers)
);
create index entries_status on views.entries (status, accepted_at);
create index entries_content on views.entries (content_hash);
create index entries_seller on views.entries (seller, put_seq);
create index entries_put_seq on views.entries (put_seq);

create table views.first_puts (
	content_hash text primary key,
	put_id text not null,
	put_at bigint not null,
	entry text
);

create table views.puts_of (
	seller text not null,
	content_hash text not null,
	entry text not null,
	constraint puts_of_seller_content_hash_pk primary key (seller, content_hash)
);

create table views.received (
	owner text not null,
	content_hash text not null,
	constraint received_owner_content_hash_pk primary key (owner, content_hash)
);

create table views.preview_plans (
	content_hash text primary key,
	chunks jsonb not null,
	message_id text not null
);

create table views.live_entries (
	scope text not null,
	expires_day integer not null,
	count integer not null,
	constraint live_entries_scope_expires_day_pk primary key (scope, expires_day),
	constraint live_entries_some check (count > 0)
);

create table views.buys (
	id text primary key,
	seq bigint not null,
	buyer text not null,
	buyer_owner text not null,
	task text not null,
	budget_scrip integer not null,
	min_reputation smallint not null,
	freshness_hours integer,
	content_type text,
	domains jsonb not null,
	max_results smallint not null,
	tier text,
	at bigint not null,
	expires_at bigint not null,
	match_id text,
	results smallint,
	quote_expires_at bigint,
	accepted_scrip integer not null,
	constraint buy_budget check (budget_scrip between 1 and 10000000),
	constraint buy_within_budget check (accepted_scrip between 0 and budget_scrip),
	constraint buy_filters check (
		min_reputation between 0 and 100 and max_results between 1 and 10
		and freshness_hours between 1 and 8760 and tier in ('hot', 'warm', 'cold')
	),
	constraint buy_matched_whole check ((match_id is null) = (quote_expires_at is null))
);
create index buys_buyer on views.buys (buyer, seq);
create index buys_open on views.buys (expires_at) where match_id is null;

create table views.offers (
	match_id text not null,
	entry text not null,
	buy_id text not null,
	position smallint not null,
	base_price_scrip integer not null,
	preview_price_scrip integer,
	confidence_ppm integer not null,
	tokens integer not null,
	quote_expires_at bigint not null,
	request_id text,
	preview_id text,
	rejected_by text,
	order_id text,
	constraint offers_match_id_entry_pk primary key (match_id, entry),
	constraint offer_price check (base_price_scrip between 1 and 10000000),
	constraint offer_preview_cheaper check (preview_price_scrip between 1 and base_price_scrip),
	constraint offer_preview_asked check (preview_id is null or request_id is not null),
	constraint offer_one_answer check (rejected_by is null or order_id is null)
);
create index offers_entry on views.offers (entry);

create table views.orders (
	id text primary key,
	seq bigint not null,
	match_id text not null,
	buy_id text not null,
	entry text not null,
	buyer text not null,
	buyer_owner text not null,
	seller text not null,
	seller_owner text not null,
	content_hash text not null,
	tokens integer not null,
	base_price_scrip integer not null,
	price_scrip integer not null,
	held_micro bigint not null,
	status text not null,
	accepted_at bigint not null,
	deliver_by bigint not null,
	deliver_id text,
	delivered_at bigint,
	complete_by bigint,
	dispute_id text,
	dispute_type text,
	rule_by bigint,
	buyer_evidence smallint not null,
	seller_evidence smallint not null,
	small_dispute_id text,
	ended_by text,
	ended_at bigint,
	constraint order_status check (status in ('reserved', 'delivered', 'disputed', 'completed', 'refunded')),
	constraint order_price check (price_scrip between 1 and base_price_scrip),
	constraint order_holds_price check (held_micro = price_scrip::bigint * 1000000),
	constraint order_ended_whole check ((ended_by is not null) = (status in ('completed', 'refunded'))),
	constraint order_delivered_whole check (
		status not in ('delivered', 'disputed', 'completed') or deliver_id is not null
	),
	constraint order_disputed_whole check (status <> 'disputed' or dispute_id is not null),
	constraint order_evidence check (buyer_evidence between 0 and 5 and seller_evidence between 0 and 5)
);
create index orders_buyer on views.orders (buyer, seq);
create index orders_seller on views.orders (seller, seq);
create index orders_entry on views.orders (entry);
create index orders_match on views.orders (match_id);

-- By order, so that a second settlement of one has no place.
create table views.settlements (
	order_id text primary key,
	seq bigint not null,
	message_id text not null,
	how text not null,
	at bigint not null,
	refunded_micro bigint not null,
	burn_micro bigint not null,
	earn_out_micro bigint not null,
	residual_micro bigint not null,
	maintenance_micro bigint not null,
	treasury_micro bigint not null,
	held_micro bigint not null,
	constraint settlement_sums check (
		refunded_micro + burn_micro + earn_out_micro + residual_micro + maintenance_micro + treasury_micro
		= held_micro
	),
	constraint settlement_parts check (
		refunded_micro >= 0 and burn_micro >= 0 and earn_out_micro >= 0
		and residual_micro >= 0 and maintenance_micro >= 0 and treasury_micro >= 0
	),
	constraint settlement_refund_whole check (refunded_micro in (0, held_micro))
);

create table views.traders (
	owner text primary key,
	advances_micro bigint not null,
	earned_micro bigint not null,
	faded_at_day integer not null,
	accepted integer not null,
	open_reservations integer not null,
	open_disputes integer not null,
	declined_at bigint,
	small_refunds integer not null,
	constraint trader_line check (advances_micro >= 0 and earned_micro >= 0),
	constraint trader_counts check (
		accepted >= 0 and open_reservations >= 0 and open_disputes >= 0 and small_refunds >= 0
	)
);

create table views.trader_days (
	owner text not null,
	day integer not null,
	sales_to_standing integer not null,
	refunded_micro bigint not null,
	completed_micro bigint not null,
	constraint trader_days_owner_day_pk primary key (owner, day),
	constraint trader_day_sums check (sales_to_standing >= 0 and refunded_micro >= 0 and completed_micro >= 0)
);

create table views.small_disputers (
	buyer text primary key,
	filed_at jsonb not null
);

create table views.advance_days (
	day integer primary key,
	budget_micro bigint not null,
	spent_micro bigint not null,
	beyond_record_micro bigint not null,
	first_scrips_micro bigint not null,
	constraint advance_day_sums check (
		budget_micro >= 0 and spent_micro >= 0 and first_scrips_micro >= 0
		and beyond_record_micro between 0 and spent_micro
	)
);

create table views.treasury_days (
	day integer primary key,
	share_micro bigint not null,
	constraint treasury_day_share check (share_micro >= 0)
);

create table views.demand_days (
	type text not null,
	day integer not null,
	buys integer not null,
	constraint demand_days_type_day_pk primary key (type, day),
	constraint demand_some check (buys > 0)
);

create table views.demand_owners (
	owner text not null,
	type text not null,
	day integer not null,
	constraint demand_owners_owner_type_pk primary key (owner, type)
);

create table views.wanted (
	key text primary key,
	task text not null,
	content_type text,
	domains jsonb not null,
	budget_scrip integer not null,
	misses integer not null,
	askers integer not null,
	standing_askers integer not null,
	first_at bigint not null,
	last_at bigint not null,
	last_buy_id text not null,
	found_by text,
	constraint wanted_counts check (standing_askers >= 0 and askers >= standing_askers and misses >= askers)
);
create index wanted_open on views.wanted (last_at) where found_by is null;

create table views.wanted_askers (
	key text not null,
	owner text not null,
	standing boolean not null,
	constraint wanted_askers_key_owner_pk primary key (key, owner)
);

create table views.entry_buyers (
	entry text not null,
	owner text not null,
	completions integer not null,
	standing boolean not null,
	constraint entry_buyers_entry_owner_pk primary key (entry, owner)
);

create table views.gates (
	entry text not null,
	gate text not null,
	round integer not null,
	total integer not null,
	good integer not null,
	standing integer not null,
	shut_by text,
	shut_at bigint,
	provisional boolean not null,
	until bigint,
	cleared_at bigint,
	constraint gates_entry_gate_pk primary key (entry, gate),
	constraint gate_kind check (gate in ('completion', 'conversion', 'disputes')),
	constraint gate_counts check (total >= 0 and good >= 0 and standing >= 0),
	constraint gate_shut_whole check ((shut_by is null) = (shut_at is null)),
	constraint gate_provisional_ends check (provisional = (until is not null)),
	constraint gate_open_not_provisional check (shut_by is not null or not provisional)
);

create table views.gate_owners (
	entry text not null,
	gate text not null,
	round integer not null,
	owner text not null,
	standing boolean not null,
	delta integer not null,
	constraint gate_owners_entry_gate_round_owner_pk primary key (entry, gate, round, owner),
	constraint gate_delta check (delta <= 0)
);

create table views.signals (
	seq bigint not null,
	n smallint not null,
	seller text not null,
	signal text not null,
	delta integer not null,
	message_id text not null,
	entry text not null,
	by_owner text,
	constraint signals_seq_n_pk primary key (seq, n),
	constraint signal_kind check (
		signal in (
			'sale', 'repeatBuyer', 'convergence', 'disputeUpheld', 'hashInvalid', 'smallContentRefund', 'cleared'
		)
	)
);
create index signals_seller on views.signals (seller, seq);

create table views.scores (
	seller text primary key,
	sum integer not null,
	from_without_standing integer not null,
	standing_owners integer not null,
	constraint score_counts check (from_without_standing >= 0 and standing_owners >= 0)
);

create table views.customers (
	seller text not null,
	owner text not null,
	completions integer not null,
	standing boolean not null,
	given jsonb not null,
	constraint customers_seller_owner_pk primary key (seller, owner)
);

create table views.market_factors (
	name text primary key,
	ppm integer not null,
	message_id text not null,
	constraint market_factor_positive check (ppm > 0)
);
