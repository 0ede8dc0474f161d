-- Nothing was kept in the old form.
TRUNCATE "vectors";--> statement-breakpoint
ALTER TABLE "vectors" ALTER COLUMN "vectors" SET DATA TYPE bytea USING decode("vectors", 'base64');--> statement-breakpoint
ALTER TABLE "views"."entries" ADD COLUMN "review_by" bigint;
