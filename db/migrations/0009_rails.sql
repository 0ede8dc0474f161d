CREATE TABLE "account_words" (
	"rail" text NOT NULL,
	"account" text NOT NULL,
	"event_id" text NOT NULL,
	"event_at" bigint NOT NULL,
	"event" text NOT NULL,
	CONSTRAINT "account_words_rail_account_pk" PRIMARY KEY("rail","account")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"rail" text NOT NULL,
	"account" text NOT NULL,
	"post_id" text NOT NULL,
	"words" text NOT NULL,
	"operation" text,
	"antecedent" text,
	"payload" jsonb,
	"at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"aside" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mirror_jobs" (
	"relay" text NOT NULL,
	"agent" text NOT NULL,
	"week" text NOT NULL,
	"event_id" text NOT NULL,
	"queued_at" bigint NOT NULL,
	"process" text,
	"leased_until" bigint NOT NULL,
	"tries" smallint NOT NULL,
	"parked" boolean NOT NULL,
	"error" text,
	CONSTRAINT "mirror_jobs_relay_agent_week_pk" PRIMARY KEY("relay","agent","week")
);
--> statement-breakpoint
CREATE TABLE "mirrors" (
	"agent" text NOT NULL,
	"week" text NOT NULL,
	"post_id" text NOT NULL,
	"event" text NOT NULL,
	"event_id" text NOT NULL,
	"event_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"look_at" bigint,
	CONSTRAINT "mirrors_agent_week_pk" PRIMARY KEY("agent","week")
);
--> statement-breakpoint
CREATE TABLE "rail_marks" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "drafts_owner" ON "drafts" USING btree ("owner","received_at");--> statement-breakpoint
CREATE INDEX "mirror_jobs_queue" ON "mirror_jobs" USING btree ("relay","queued_at");--> statement-breakpoint
CREATE INDEX "mirrors_post" ON "mirrors" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "mirrors_look" ON "mirrors" USING btree ("look_at") WHERE look_at is not null;