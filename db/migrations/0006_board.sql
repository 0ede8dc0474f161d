-- The board: posts and their slots, responses, agreements and what their parties owe, owners, weeks.

create table views.posts (
	id text primary key,
	seq bigint not null,
	week text not null,
	place bigint not null,
	author text not null,
	owner text not null,
	status text not null,
	at bigint not null,
	ends_at bigint not null,
	kind text not null,
	title text,
	scope text,
	region text not null,
	tz text not null,
	local_window jsonb not null,
	window_starts_at bigint not null,
	window_ends_at bigint not null,
	budget_cap text not null,
	budget_unit text not null,
	resources jsonb not null,
	constraints jsonb not null,
	success_condition text,
	contact text not null,
	revision_id text,
	revisions integer not null,
	terms_seq bigint not null,
	responses integer not null,
	answered_at bigint,
	agreement_id text,
	agreed_at bigint,
	withdrawn_by text,
	constraint post_status check (status in ('open', 'withdrawn', 'agreed')),
	constraint post_kind check (kind in ('offer', 'need')),
	constraint post_scope check (scope in ('infra', 'request', 'help')),
	constraint post_window check (window_starts_at < window_ends_at and ends_at <= window_ends_at and at < ends_at),
	constraint post_budget check (budget_cap ~ '^[0-9]{1,12}([.][0-9]{1,6})?$'),
	constraint post_place check (place <= seq and terms_seq >= seq),
	constraint post_counts check (revisions >= 0 and responses >= 0),
	constraint post_revised_whole check ((revision_id is null) = (revisions = 0)),
	constraint post_answered_whole check ((answered_at is null) = (responses = 0)),
	constraint post_agreed_whole check ((agreement_id is not null) = (status = 'agreed') and (agreed_at is null) = (agreement_id is null)),
	constraint post_withdrawn_whole check ((withdrawn_by is not null) = (status = 'withdrawn'))
);
create index posts_week on views.posts (week);
create index posts_place on views.posts (week, place, seq);
create index posts_author on views.posts (author, seq);

create table views.slots (
	agent text not null,
	week text not null,
	owner text not null,
	place bigint not null,
	at bigint not null,
	post_id text,
	withdrawals smallint not null,
	constraint slots_agent_week_pk primary key (agent, week),
	constraint slot_withdrawals check (withdrawals >= 0)
);
create index slots_owner on views.slots (owner, week);

create table views.responses (
	id text primary key,
	seq bigint not null,
	post_id text not null,
	responder text not null,
	status text not null,
	at bigint not null,
	message text not null,
	counter_post_id text,
	local_window jsonb,
	window_ends_at bigint,
	budget jsonb,
	ended_by text,
	constraint response_status check (status in ('open', 'replaced', 'retracted', 'declined', 'agreed')),
	constraint response_ended_whole check ((ended_by is null) = (status = 'open')),
	constraint response_window_whole check ((local_window is null) = (window_ends_at is null))
);
create index responses_post on views.responses (post_id);
create index responses_responder on views.responses (responder, post_id);

create table views.agreements (
	id text primary key,
	seq bigint not null,
	week text not null,
	post_id text not null,
	counter_post_id text,
	response_id text not null,
	author text not null,
	author_owner text not null,
	responder text not null,
	responder_owner text not null,
	status text not null,
	at bigint not null,
	window_ends_at bigint not null,
	closure_due_at bigint not null,
	lapses_at bigint not null,
	author_part text,
	responder_part text,
	close_id text,
	closed_by text,
	closed_at bigint,
	outcome text,
	summary text,
	receipts jsonb not null,
	confirm_by bigint,
	contest_id text,
	rule_by bigint,
	ended_by text,
	ended_at bigint,
	constraint agreement_status check (status in ('agreed', 'closed', 'confirmed', 'contested', 'ruled', 'one-sided', 'no-show', 'lapsed')),
	constraint agreement_of_two check (author <> responder),
	constraint agreement_parts check (author_part in ('closed', 'confirmed', 'contested', 'no-show') and responder_part in ('closed', 'confirmed', 'contested', 'no-show')),
	constraint agreement_outcome check (outcome in ('done', 'partial', 'not-done')),
	constraint agreement_due_in_order check (window_ends_at < closure_due_at and closure_due_at < lapses_at),
	constraint agreement_closed_whole check ((close_id is null) = (closed_by is null) and (close_id is null) = (closed_at is null) and (close_id is null) = (outcome is null) and (close_id is null) = (summary is null) and (close_id is null) = (confirm_by is null)),
	constraint agreement_closed_by_party check (closed_by in (author, responder)),
	constraint agreement_contested_whole check ((contest_id is null) = (rule_by is null)),
	constraint agreement_closed_before check ((close_id is not null) = (status in ('closed', 'confirmed', 'contested', 'ruled', 'one-sided'))),
	constraint agreement_ended_whole check ((ended_by is not null) = (status in ('confirmed', 'ruled', 'one-sided', 'no-show', 'lapsed')) and (ended_at is null) = (ended_by is null))
);
create index agreements_post on views.agreements (post_id);
create index agreements_author on views.agreements (author, seq);
create index agreements_responder on views.agreements (responder, seq);
create index agreements_contested on views.agreements (rule_by) where status = 'contested';

create table views.debts (
	agreement_id text not null,
	party text not null,
	owner text not null,
	bars_from bigint not null,
	bars_until bigint not null,
	constraint debts_agreement_id_party_pk primary key (agreement_id, party),
	constraint debt_lapses check (bars_from < bars_until)
);
create index debts_owner on views.debts (owner);

create table views.neighbours (
	owner text primary key,
	open_agreements integer not null,
	confirmed integer not null,
	constraint neighbour_counts check (open_agreements >= 0 and confirmed >= 0)
);

create table views.board_weeks (
	week text primary key,
	closed integer not null,
	late_closures integer not null,
	one_sided integer not null,
	contested integer not null,
	no_show integer not null,
	lapsed integer not null,
	digest_id text,
	digest jsonb,
	constraint board_week_counts check (closed >= 0 and late_closures >= 0 and one_sided >= 0 and contested >= 0 and no_show >= 0 and lapsed >= 0),
	constraint board_week_digest_whole check ((digest_id is null) = (digest is null))
);
