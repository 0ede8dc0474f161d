-- The log is append-only in the database itself: not even this program's own mistake changes what was signed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER messages_append_only BEFORE UPDATE OR DELETE ON messages FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER messages_keep BEFORE TRUNCATE ON messages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- A content may be swept while nothing refers to it, but never become another.
CREATE TRIGGER contents_fixed BEFORE UPDATE ON contents FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Numbers without gaps, times that never go back: the head may only advance, and one row is all there is.
CREATE FUNCTION advance_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.seq < OLD.seq OR NEW.received_at < OLD.received_at OR NEW.batch < OLD.batch OR NEW.epoch < OLD.epoch
		OR NEW.exchange_key <> OLD.exchange_key THEN
		RAISE EXCEPTION 'the head only advances' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER head_advances BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION advance_head();
