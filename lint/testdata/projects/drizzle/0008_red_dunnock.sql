ALTER TABLE "issues" RENAME COLUMN "body" TO "html";--> statement-breakpoint
ALTER TABLE "subscribers" DROP COLUMN "locale";
