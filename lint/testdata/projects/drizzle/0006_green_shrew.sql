ALTER TABLE "newsletters" ALTER COLUMN "frequency" SET DEFAULT 'quarterly';--> statement-breakpoint
ALTER TABLE "newsletters" ALTER COLUMN "title" SET DATA TYPE text;
