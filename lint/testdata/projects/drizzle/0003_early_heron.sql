ALTER TABLE "subscribers" ADD COLUMN "locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "subscribers" ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL;
