CREATE SCHEMA "views";
--> statement-breakpoint
CREATE TABLE "views"."operator_ids" (
	"operator_id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."owners" (
	"owner" text PRIMARY KEY NOT NULL,
	"vouched" boolean NOT NULL,
	"minted_scrip" bigint NOT NULL,
	"purchased_scrip" bigint NOT NULL,
	"purchased_from" integer NOT NULL,
	"standing" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."profiles" (
	"key" text PRIMARY KEY NOT NULL,
	"profile" jsonb NOT NULL,
	"owner" text NOT NULL,
	"message_id" text NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."purchased_from" (
	"owner" text NOT NULL,
	"seller" text NOT NULL,
	CONSTRAINT "purchased_from_owner_seller_pk" PRIMARY KEY("owner","seller")
);
--> statement-breakpoint
CREATE TABLE "views"."roles" (
	"subject" text NOT NULL,
	"role" text NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "roles_subject_role_pk" PRIMARY KEY("subject","role")
);
--> statement-breakpoint
CREATE TABLE "views"."settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"message_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."advance_days" (
	"day" integer PRIMARY KEY NOT NULL,
	"budget_micro" bigint NOT NULL,
	"spent_micro" bigint NOT NULL,
	"beyond_record_micro" bigint NOT NULL,
	"first_scrips_micro" bigint NOT NULL,
	CONSTRAINT "advance_day_sums" CHECK ("views"."advance_days"."budget_micro" >= 0 and "views"."advance_days"."spent_micro" >= 0 and "views"."advance_days"."first_scrips_micro" >= 0 and "views"."advance_days"."beyond_record_micro" between 0 and "views"."advance_days"."spent_micro")
);
--> statement-breakpoint
CREATE TABLE "views"."buys" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"buyer" text NOT NULL,
	"buyer_owner" text NOT NULL,
	"task" text NOT NULL,
	"budget_scrip" integer NOT NULL,
	"min_reputation" smallint NOT NULL,
	"freshness_hours" integer,
	"content_type" text,
	"domains" jsonb NOT NULL,
	"max_results" smallint NOT NULL,
	"tier" text,
	"at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"match_id" text,
	"results" smallint,
	"quote_expires_at" bigint,
	"accepted_scrip" integer NOT NULL,
	CONSTRAINT "buy_budget" CHECK ("views"."buys"."budget_scrip" between 1 and 10000000),
	CONSTRAINT "buy_within_budget" CHECK ("views"."buys"."accepted_scrip" between 0 and "views"."buys"."budget_scrip"),
	CONSTRAINT "buy_filters" CHECK ("views"."buys"."min_reputation" between 0 and 100 and "views"."buys"."max_results" between 1 and 10 and "views"."buys"."freshness_hours" between 1 and 8760 and "views"."buys"."tier" in ('hot', 'warm', 'cold')),
	CONSTRAINT "buy_matched_whole" CHECK (("views"."buys"."match_id" is null) = ("views"."buys"."quote_expires_at" is null))
);
--> statement-breakpoint
CREATE TABLE "views"."customers" (
	"seller" text NOT NULL,
	"owner" text NOT NULL,
	"completions" integer NOT NULL,
	"standing" boolean NOT NULL,
	"given" jsonb NOT NULL,
	CONSTRAINT "customers_seller_owner_pk" PRIMARY KEY("seller","owner")
);
--> statement-breakpoint
CREATE TABLE "views"."demand_days" (
	"type" text NOT NULL,
	"day" integer NOT NULL,
	"buys" integer NOT NULL,
	CONSTRAINT "demand_days_type_day_pk" PRIMARY KEY("type","day"),
	CONSTRAINT "demand_some" CHECK ("views"."demand_days"."buys" > 0)
);
--> statement-breakpoint
CREATE TABLE "views"."demand_owners" (
	"owner" text NOT NULL,
	"type" text NOT NULL,
	"day" integer NOT NULL,
	CONSTRAINT "demand_owners_owner_type_pk" PRIMARY KEY("owner","type")
);
--> statement-breakpoint
CREATE TABLE "views"."entries" (
	"id" text PRIMARY KEY NOT NULL,
	"put_seq" bigint NOT NULL,
	"seller" text NOT NULL,
	"seller_owner" text NOT NULL,
	"status" text NOT NULL,
	"held_for" text,
	"status_reason" text,
	"ruled_by" text,
	"description" text NOT NULL,
	"content_hash" text NOT NULL,
	"bytes" integer NOT NULL,
	"tokens" integer NOT NULL,
	"token_cost" integer NOT NULL,
	"content_type" text NOT NULL,
	"domains" jsonb NOT NULL,
	"declared_tier" text,
	"tier" text NOT NULL,
	"tier_pinned" boolean NOT NULL,
	"ttl_hours" integer,
	"embedding" text NOT NULL,
	"put_at" bigint NOT NULL,
	"first_put_at" bigint NOT NULL,
	"accepted_at" bigint,
	"expires_at" bigint,
	"copy_of" text,
	"source_id" text,
	"origin" text NOT NULL,
	"appraisal_scrip" bigint,
	"advance_scrip" bigint,
	"paid_micro" bigint NOT NULL,
	"momentum_ppm" integer NOT NULL,
	"cluster_ppm" integer NOT NULL,
	"sales" integer NOT NULL,
	"last_prices_scrip" jsonb NOT NULL,
	"buyers" integer NOT NULL,
	"standing_buyers" integer NOT NULL,
	"gated" boolean NOT NULL,
	"cleared_until" bigint,
	CONSTRAINT "entry_status" CHECK ("views"."entries"."status" in ('pending', 'live', 'rejected', 'removed')),
	CONSTRAINT "entry_held" CHECK ("views"."entries"."held_for" in ('auto-accept-off', 'reputation', 'appraisal')),
	CONSTRAINT "entry_type" CHECK ("views"."entries"."content_type" in ('code', 'analysis', 'summary', 'plan', 'data', 'review', 'other')),
	CONSTRAINT "entry_tier" CHECK ("views"."entries"."tier" in ('hot', 'warm', 'cold') and "views"."entries"."declared_tier" in ('hot', 'warm', 'cold')),
	CONSTRAINT "entry_embedding" CHECK ("views"."entries"."embedding" in ('none', 'sent', 'verified', 'flagged')),
	CONSTRAINT "entry_size" CHECK ("views"."entries"."bytes" between 1 and 1048576 and "views"."entries"."tokens" = ("views"."entries"."bytes" + 3) / 4),
	CONSTRAINT "entry_cost" CHECK ("views"."entries"."token_cost" between 1 and 10000000),
	CONSTRAINT "entry_live_is_whole" CHECK ("views"."entries"."status" in ('pending', 'rejected') or ("views"."entries"."accepted_at" is not null and "views"."entries"."expires_at" is not null and "views"."entries"."appraisal_scrip" is not null and "views"."entries"."advance_scrip" is not null)),
	CONSTRAINT "entry_pays_within_appraisal" CHECK ("views"."entries"."advance_scrip" between 0 and "views"."entries"."appraisal_scrip"),
	CONSTRAINT "entry_paid" CHECK ("views"."entries"."paid_micro" >= 0),
	CONSTRAINT "entry_factors" CHECK ("views"."entries"."momentum_ppm" > 0 and "views"."entries"."cluster_ppm" > 0),
	CONSTRAINT "entry_counts" CHECK ("views"."entries"."standing_buyers" >= 0 and "views"."entries"."buyers" >= "views"."entries"."standing_buyers" and "views"."entries"."sales" >= "views"."entries"."buyers")
);
--> statement-breakpoint
CREATE TABLE "views"."entry_buyers" (
	"entry" text NOT NULL,
	"owner" text NOT NULL,
	"completions" integer NOT NULL,
	"standing" boolean NOT NULL,
	CONSTRAINT "entry_buyers_entry_owner_pk" PRIMARY KEY("entry","owner")
);
--> statement-breakpoint
CREATE TABLE "views"."first_puts" (
	"content_hash" text PRIMARY KEY NOT NULL,
	"put_id" text NOT NULL,
	"put_at" bigint NOT NULL,
	"entry" text
);
--> statement-breakpoint
CREATE TABLE "views"."gate_owners" (
	"entry" text NOT NULL,
	"gate" text NOT NULL,
	"round" integer NOT NULL,
	"owner" text NOT NULL,
	"standing" boolean NOT NULL,
	"delta" integer NOT NULL,
	CONSTRAINT "gate_owners_entry_gate_round_owner_pk" PRIMARY KEY("entry","gate","round","owner"),
	CONSTRAINT "gate_delta" CHECK ("views"."gate_owners"."delta" <= 0)
);
--> statement-breakpoint
CREATE TABLE "views"."gates" (
	"entry" text NOT NULL,
	"gate" text NOT NULL,
	"round" integer NOT NULL,
	"total" integer NOT NULL,
	"good" integer NOT NULL,
	"standing" integer NOT NULL,
	"shut_by" text,
	"shut_at" bigint,
	"provisional" boolean NOT NULL,
	"until" bigint,
	"cleared_at" bigint,
	CONSTRAINT "gates_entry_gate_pk" PRIMARY KEY("entry","gate"),
	CONSTRAINT "gate_kind" CHECK ("views"."gates"."gate" in ('completion', 'conversion', 'disputes')),
	CONSTRAINT "gate_counts" CHECK ("views"."gates"."total" >= 0 and "views"."gates"."good" >= 0 and "views"."gates"."standing" >= 0),
	CONSTRAINT "gate_shut_whole" CHECK (("views"."gates"."shut_by" is null) = ("views"."gates"."shut_at" is null)),
	CONSTRAINT "gate_provisional_ends" CHECK ("views"."gates"."provisional" = ("views"."gates"."until" is not null)),
	CONSTRAINT "gate_open_not_provisional" CHECK ("views"."gates"."shut_by" is not null or not "views"."gates"."provisional")
);
--> statement-breakpoint
CREATE TABLE "views"."live_entries" (
	"scope" text NOT NULL,
	"expires_day" integer NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "live_entries_scope_expires_day_pk" PRIMARY KEY("scope","expires_day"),
	CONSTRAINT "live_entries_some" CHECK ("views"."live_entries"."count" > 0)
);
--> statement-breakpoint
CREATE TABLE "views"."market_factors" (
	"name" text PRIMARY KEY NOT NULL,
	"ppm" integer NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "market_factor_positive" CHECK ("views"."market_factors"."ppm" > 0)
);
--> statement-breakpoint
CREATE TABLE "views"."offers" (
	"match_id" text NOT NULL,
	"entry" text NOT NULL,
	"buy_id" text NOT NULL,
	"position" smallint NOT NULL,
	"base_price_scrip" integer NOT NULL,
	"preview_price_scrip" integer,
	"confidence_ppm" integer NOT NULL,
	"tokens" integer NOT NULL,
	"quote_expires_at" bigint NOT NULL,
	"request_id" text,
	"preview_id" text,
	"rejected_by" text,
	"order_id" text,
	CONSTRAINT "offers_match_id_entry_pk" PRIMARY KEY("match_id","entry"),
	CONSTRAINT "offer_price" CHECK ("views"."offers"."base_price_scrip" between 1 and 10000000),
	CONSTRAINT "offer_preview_cheaper" CHECK ("views"."offers"."preview_price_scrip" between 1 and "views"."offers"."base_price_scrip"),
	CONSTRAINT "offer_preview_asked" CHECK ("views"."offers"."preview_id" is null or "views"."offers"."request_id" is not null),
	CONSTRAINT "offer_one_answer" CHECK ("views"."offers"."rejected_by" is null or "views"."offers"."order_id" is null)
);
--> statement-breakpoint
CREATE TABLE "views"."orders" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"match_id" text NOT NULL,
	"buy_id" text NOT NULL,
	"entry" text NOT NULL,
	"buyer" text NOT NULL,
	"buyer_owner" text NOT NULL,
	"seller" text NOT NULL,
	"seller_owner" text NOT NULL,
	"content_hash" text NOT NULL,
	"tokens" integer NOT NULL,
	"base_price_scrip" integer NOT NULL,
	"price_scrip" integer NOT NULL,
	"held_micro" bigint NOT NULL,
	"status" text NOT NULL,
	"accepted_at" bigint NOT NULL,
	"deliver_by" bigint NOT NULL,
	"deliver_id" text,
	"delivered_at" bigint,
	"complete_by" bigint,
	"dispute_id" text,
	"dispute_type" text,
	"rule_by" bigint,
	"buyer_evidence" smallint NOT NULL,
	"seller_evidence" smallint NOT NULL,
	"small_dispute_id" text,
	"ended_by" text,
	"ended_at" bigint,
	CONSTRAINT "order_status" CHECK ("views"."orders"."status" in ('reserved', 'delivered', 'disputed', 'completed', 'refunded')),
	CONSTRAINT "order_price" CHECK ("views"."orders"."price_scrip" between 1 and "views"."orders"."base_price_scrip"),
	CONSTRAINT "order_holds_price" CHECK ("views"."orders"."held_micro" = "views"."orders"."price_scrip"::bigint * 1000000),
	CONSTRAINT "order_ended_whole" CHECK (("views"."orders"."ended_by" is not null) = ("views"."orders"."status" in ('completed', 'refunded'))),
	CONSTRAINT "order_delivered_whole" CHECK ("views"."orders"."status" not in ('delivered', 'disputed', 'completed') or "views"."orders"."deliver_id" is not null),
	CONSTRAINT "order_disputed_whole" CHECK ("views"."orders"."status" <> 'disputed' or "views"."orders"."dispute_id" is not null),
	CONSTRAINT "order_evidence" CHECK ("views"."orders"."buyer_evidence" between 0 and 5 and "views"."orders"."seller_evidence" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "views"."preview_plans" (
	"content_hash" text PRIMARY KEY NOT NULL,
	"chunks" jsonb NOT NULL,
	"message_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."puts_of" (
	"seller" text NOT NULL,
	"content_hash" text NOT NULL,
	"entry" text NOT NULL,
	CONSTRAINT "puts_of_seller_content_hash_pk" PRIMARY KEY("seller","content_hash")
);
--> statement-breakpoint
CREATE TABLE "views"."received" (
	"owner" text NOT NULL,
	"content_hash" text NOT NULL,
	CONSTRAINT "received_owner_content_hash_pk" PRIMARY KEY("owner","content_hash")
);
--> statement-breakpoint
CREATE TABLE "views"."scores" (
	"seller" text PRIMARY KEY NOT NULL,
	"sum" integer NOT NULL,
	"from_without_standing" integer NOT NULL,
	"standing_owners" integer NOT NULL,
	CONSTRAINT "score_counts" CHECK ("views"."scores"."from_without_standing" >= 0 and "views"."scores"."standing_owners" >= 0)
);
--> statement-breakpoint
CREATE TABLE "views"."settlements" (
	"order_id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"message_id" text NOT NULL,
	"how" text NOT NULL,
	"at" bigint NOT NULL,
	"refunded_micro" bigint NOT NULL,
	"burn_micro" bigint NOT NULL,
	"earn_out_micro" bigint NOT NULL,
	"residual_micro" bigint NOT NULL,
	"maintenance_micro" bigint NOT NULL,
	"treasury_micro" bigint NOT NULL,
	"held_micro" bigint NOT NULL,
	CONSTRAINT "settlement_sums" CHECK ("views"."settlements"."refunded_micro" + "views"."settlements"."burn_micro" + "views"."settlements"."earn_out_micro" + "views"."settlements"."residual_micro" + "views"."settlements"."maintenance_micro" + "views"."settlements"."treasury_micro" = "views"."settlements"."held_micro"),
	CONSTRAINT "settlement_parts" CHECK ("views"."settlements"."refunded_micro" >= 0 and "views"."settlements"."burn_micro" >= 0 and "views"."settlements"."earn_out_micro" >= 0 and "views"."settlements"."residual_micro" >= 0 and "views"."settlements"."maintenance_micro" >= 0 and "views"."settlements"."treasury_micro" >= 0),
	CONSTRAINT "settlement_refund_whole" CHECK ("views"."settlements"."refunded_micro" in (0, "views"."settlements"."held_micro"))
);
--> statement-breakpoint
CREATE TABLE "views"."signals" (
	"seq" bigint NOT NULL,
	"n" smallint NOT NULL,
	"seller" text NOT NULL,
	"signal" text NOT NULL,
	"delta" integer NOT NULL,
	"message_id" text NOT NULL,
	"entry" text NOT NULL,
	"by_owner" text,
	CONSTRAINT "signals_seq_n_pk" PRIMARY KEY("seq","n"),
	CONSTRAINT "signal_kind" CHECK ("views"."signals"."signal" in ('sale', 'repeatBuyer', 'convergence', 'disputeUpheld', 'hashInvalid', 'smallContentRefund', 'cleared'))
);
--> statement-breakpoint
CREATE TABLE "views"."small_disputers" (
	"buyer" text PRIMARY KEY NOT NULL,
	"filed_at" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."trader_days" (
	"owner" text NOT NULL,
	"day" integer NOT NULL,
	"sales_to_standing" integer NOT NULL,
	"refunded_micro" bigint NOT NULL,
	"completed_micro" bigint NOT NULL,
	CONSTRAINT "trader_days_owner_day_pk" PRIMARY KEY("owner","day"),
	CONSTRAINT "trader_day_sums" CHECK ("views"."trader_days"."sales_to_standing" >= 0 and "views"."trader_days"."refunded_micro" >= 0 and "views"."trader_days"."completed_micro" >= 0)
);
--> statement-breakpoint
CREATE TABLE "views"."traders" (
	"owner" text PRIMARY KEY NOT NULL,
	"advances_micro" bigint NOT NULL,
	"treasury_share_micro" bigint NOT NULL,
	"faded_at_day" integer NOT NULL,
	"last_sale_to_standing_day" integer,
	"accepted" integer NOT NULL,
	"open_reservations" integer NOT NULL,
	"open_disputes" integer NOT NULL,
	"declined_at" bigint,
	"small_refunds" integer NOT NULL,
	CONSTRAINT "trader_line" CHECK ("views"."traders"."advances_micro" >= 0 and "views"."traders"."treasury_share_micro" >= 0),
	CONSTRAINT "trader_counts" CHECK ("views"."traders"."accepted" >= 0 and "views"."traders"."open_reservations" >= 0 and "views"."traders"."open_disputes" >= 0 and "views"."traders"."small_refunds" >= 0)
);
--> statement-breakpoint
CREATE TABLE "views"."treasury_days" (
	"day" integer PRIMARY KEY NOT NULL,
	"share_micro" bigint NOT NULL,
	CONSTRAINT "treasury_day_share" CHECK ("views"."treasury_days"."share_micro" >= 0)
);
--> statement-breakpoint
CREATE TABLE "views"."wanted" (
	"key" text PRIMARY KEY NOT NULL,
	"task" text NOT NULL,
	"content_type" text,
	"domains" jsonb NOT NULL,
	"budget_scrip" integer NOT NULL,
	"misses" integer NOT NULL,
	"askers" integer NOT NULL,
	"standing_askers" integer NOT NULL,
	"first_at" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	"last_buy_id" text NOT NULL,
	"found_by" text,
	CONSTRAINT "wanted_counts" CHECK ("views"."wanted"."standing_askers" >= 0 and "views"."wanted"."askers" >= "views"."wanted"."standing_askers" and "views"."wanted"."misses" >= "views"."wanted"."askers")
);
--> statement-breakpoint
CREATE TABLE "views"."wanted_askers" (
	"key" text NOT NULL,
	"owner" text NOT NULL,
	"standing" boolean NOT NULL,
	CONSTRAINT "wanted_askers_key_owner_pk" PRIMARY KEY("key","owner")
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"batch" bigint PRIMARY KEY NOT NULL,
	"touched" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."content_senders" (
	"sha256" text NOT NULL,
	"sender" text NOT NULL,
	CONSTRAINT "content_senders_sha256_sender_pk" PRIMARY KEY("sha256","sender")
);
--> statement-breakpoint
CREATE TABLE "contents" (
	"sha256" text PRIMARY KEY NOT NULL,
	"bytes" integer NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."duties" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"due" bigint NOT NULL,
	"data" jsonb
);
--> statement-breakpoint
CREATE TABLE "duty_leases" (
	"duty" text PRIMARY KEY NOT NULL,
	"process" text NOT NULL,
	"leased_until" bigint NOT NULL,
	"tries" smallint NOT NULL,
	"parked" boolean DEFAULT false NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "head" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seq" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"batch" bigint NOT NULL,
	"epoch" integer NOT NULL,
	"frontier" text[] NOT NULL,
	"exchange_key" text NOT NULL,
	CONSTRAINT "head_one" CHECK ("head"."one")
);
--> statement-breakpoint
CREATE TABLE "limits" (
	"sender" text NOT NULL,
	"name" text NOT NULL,
	"window_start" bigint NOT NULL,
	"current" integer NOT NULL,
	"previous" integer NOT NULL,
	CONSTRAINT "limits_sender_name_pk" PRIMARY KEY("sender","name")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"operation" text NOT NULL,
	"sender" text NOT NULL,
	"received_at" bigint NOT NULL,
	"antecedent" text,
	"addressed" text[] NOT NULL,
	"body" text NOT NULL,
	"signature" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nonces" (
	"nonce" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_claims" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"made_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pending_contents" (
	"sha256" text PRIMARY KEY NOT NULL,
	"stored_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vectors" (
	"embedder" text NOT NULL,
	"sha256" text NOT NULL,
	"vectors" text NOT NULL,
	CONSTRAINT "vectors_embedder_sha256_pk" PRIMARY KEY("embedder","sha256")
);
--> statement-breakpoint
CREATE TABLE "views"."mints" (
	"reference" text PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"amount" bigint NOT NULL,
	"message_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "views"."postings" (
	"seq" bigint NOT NULL,
	"n" smallint NOT NULL,
	"from_owner" text NOT NULL,
	"from_purse" text NOT NULL,
	"to_owner" text NOT NULL,
	"to_purse" text NOT NULL,
	"amount" bigint NOT NULL,
	"why" text NOT NULL,
	CONSTRAINT "postings_seq_n_pk" PRIMARY KEY("seq","n"),
	CONSTRAINT "posting_positive" CHECK ("views"."postings"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "views"."purses" (
	"owner" text NOT NULL,
	"purse" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "purses_owner_purse_pk" PRIMARY KEY("owner","purse"),
	CONSTRAINT "purse_not_negative" CHECK ("views"."purses"."amount" >= 0 or "views"."purses"."owner" = 'issued'),
	CONSTRAINT "purse_kind" CHECK ("views"."purses"."purse" in ('hot', 'held', 'bonded', 'vesting', 'cold'))
);
--> statement-breakpoint
CREATE TABLE "views"."totals" (
	"name" text PRIMARY KEY NOT NULL,
	"amount" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "profiles_owner" ON "views"."profiles" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "roles_role" ON "views"."roles" USING btree ("role");--> statement-breakpoint
CREATE INDEX "buys_buyer" ON "views"."buys" USING btree ("buyer","seq");--> statement-breakpoint
CREATE INDEX "buys_open" ON "views"."buys" USING btree ("expires_at") WHERE match_id is null;--> statement-breakpoint
CREATE INDEX "entries_status" ON "views"."entries" USING btree ("status","accepted_at");--> statement-breakpoint
CREATE INDEX "entries_content" ON "views"."entries" USING btree ("content_hash");--> statement-breakpoint
CREATE INDEX "entries_seller" ON "views"."entries" USING btree ("seller","put_seq");--> statement-breakpoint
CREATE INDEX "entries_put_seq" ON "views"."entries" USING btree ("put_seq");--> statement-breakpoint
CREATE INDEX "offers_entry" ON "views"."offers" USING btree ("entry");--> statement-breakpoint
CREATE INDEX "orders_buyer" ON "views"."orders" USING btree ("buyer","seq");--> statement-breakpoint
CREATE INDEX "orders_seller" ON "views"."orders" USING btree ("seller","seq");--> statement-breakpoint
CREATE INDEX "orders_entry" ON "views"."orders" USING btree ("entry");--> statement-breakpoint
CREATE INDEX "orders_match" ON "views"."orders" USING btree ("match_id");--> statement-breakpoint
CREATE INDEX "signals_seller" ON "views"."signals" USING btree ("seller","seq");--> statement-breakpoint
CREATE INDEX "wanted_open" ON "views"."wanted" USING btree ("last_at") WHERE found_by is null;--> statement-breakpoint
CREATE INDEX "duties_due" ON "views"."duties" USING btree ("due");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_id" ON "messages" USING btree ("id");--> statement-breakpoint
CREATE INDEX "messages_antecedent" ON "messages" USING btree ("antecedent","seq") WHERE antecedent is not null;--> statement-breakpoint
CREATE INDEX "messages_sender" ON "messages" USING btree ("sender","seq");--> statement-breakpoint
CREATE INDEX "messages_operation" ON "messages" USING btree ("operation","seq");