-- The log is append-only in the database itself: not even this program's own mistake changes what was signed.
create function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception 'the log is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger messages_append_only before update or delete on messages for each row execute function refuse_change();
create trigger messages_keep before truncate on messages for each statement execute function refuse_change();

-- A content may be swept while nothing refers to it, but never become another, nor go with all others at once.
create trigger contents_fixed before update on contents for each row execute function refuse_change();
create trigger contents_keep before truncate on contents for each statement execute function refuse_change();

-- Numbers without gaps, times that never go back: the head may only advance. Without it the next start would begin a second log.
create function advance_head() returns trigger language plpgsql as $$
begin
	if new.seq < old.seq or new.received_at < old.received_at or new.batch < old.batch or new.epoch < old.epoch
		or new.exchange_key <> old.exchange_key then
		raise exception 'the head only advances' using errcode = 'restrict_violation';
	end if;
	return new;
end $$;

create trigger head_advances before update on head for each row execute function advance_head();
create trigger head_stays before delete on head for each row execute function refuse_change();
create trigger head_keeps before truncate on head for each statement execute function refuse_change();
