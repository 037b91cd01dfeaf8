ALTER TABLE "plants" RENAME COLUMN "watered_at" TO "last_watered_at";--> statement-breakpoint
ALTER TABLE "pots" ADD COLUMN "size_cm" integer;
