-- Every key met so far and the agent it speaks for, who may recover whose key, and acts that wait for a second house operator.

create table views.agent_keys (
	key text primary key,
	agent text not null,
	since_id text,
	until_id text
);
create index agent_keys_agent on views.agent_keys (agent);

create table views.recoveries (
	agent text not null,
	"by" text not null,
	since bigint not null,
	until bigint,
	constraint recoveries_agent_by_pk primary key (agent, "by")
);

create table views.approvals (
	message_id text primary key,
	operation text not null,
	sender text not null,
	scrip bigint not null,
	act jsonb not null,
	"at" bigint not null,
	second_id text
);
create index approvals_waiting on views.approvals ("at") where second_id is null;
--> statement-breakpoint
-- Older folds did not know which keys they had met: a log that is there already is folded anew at the next start.
insert into rebuild_due select 'agent keys' from head where seq > 0;
