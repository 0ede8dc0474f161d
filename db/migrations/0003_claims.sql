-- Who says that it is at a case: what operator:claim tells other house operators.
create table views.claims (
	case_id text primary key,
	claimed_by text not null,
	until bigint not null,
	message_id text not null
);
