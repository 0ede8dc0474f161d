ALTER TABLE "sessions" ADD COLUMN "made_at" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "made_by" text NOT NULL;--> statement-breakpoint
CREATE INDEX "postings_from" ON "views"."postings" USING btree ("from_owner","seq");--> statement-breakpoint
CREATE INDEX "postings_to" ON "views"."postings" USING btree ("to_owner","seq");