CREATE TABLE "views"."linked_accounts" (
	"rail" text NOT NULL,
	"account" text NOT NULL,
	"key" text NOT NULL,
	"event_id" text NOT NULL,
	"event_at" bigint NOT NULL,
	"message_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "linked_accounts_rail_account_pk" PRIMARY KEY("rail","account")
);
--> statement-breakpoint
CREATE TABLE "views"."links" (
	"key" text NOT NULL,
	"rail" text NOT NULL,
	"account" text NOT NULL,
	"message_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "links_key_rail_pk" PRIMARY KEY("key","rail")
);
