-- Who sends a content by its hash alone also says how long it is; that must be true, not only the hash known.
alter table views.content_senders add column bytes integer;
update views.content_senders s set bytes = c.bytes from contents c where c.sha256 = s.sha256;
alter table views.content_senders alter column bytes set not null;
