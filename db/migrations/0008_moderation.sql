-- What the house and flags say of a message's being seen, who is suspended, flags and their cases, appeals, verdicts on contests.

create table views.hides (
	message_id text not null,
	scope text not null,
	hidden boolean not null,
	until bigint,
	at_fault boolean,
	said_by text not null,
	constraint hides_message_id_scope_pk primary key (message_id, scope),
	constraint hide_scope check (scope in ('listing', 'payload'))
);

create table views.suspensions (
	key text primary key,
	until bigint,
	message_id text not null
);
create index suspensions_message on views.suspensions (message_id);

create table views.appeals (
	ruling_id text primary key,
	appeal_id text not null,
	appellant text not null,
	status text not null,
	at bigint not null,
	ruled_by text,
	constraint appeal_status check (status in ('open', 'accepted', 'declined')),
	constraint appeal_ruled_whole check ((ruled_by is null) = (status = 'open'))
);
create index appeals_open on views.appeals (at) where status = 'open';

create table views.flag_cases (
	target text primary key,
	round integer not null,
	status text not null,
	first_flag text not null,
	opened_at bigint not null,
	flags integer not null,
	weight integer not null,
	hid boolean not null,
	ruled_by text,
	constraint flag_case_status check (status in ('open', 'accepted', 'declined')),
	constraint flag_case_counts check (round > 0 and flags > 0 and weight >= 0),
	constraint flag_case_ruled_whole check ((ruled_by is null) = (status = 'open'))
);
create index flag_cases_open on views.flag_cases (opened_at) where status = 'open';

create table views.flaggers (
	owner text primary key,
	wrong integer not null,
	constraint flagger_wrong check (wrong >= 0)
);

create table views.flags (
	target text not null,
	owner text not null,
	round integer not null,
	flag_id text not null,
	constraint flags_target_owner_pk primary key (target, owner)
);

alter table views.agreements add column verdict text;

alter table views.agreements add constraint agreement_ruled_whole check ((verdict is not null) = (status = 'ruled') and verdict in ('accepted', 'declined'));
