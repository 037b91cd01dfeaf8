CREATE TABLE "issues" (
	"id" serial PRIMARY KEY NOT NULL,
	"newsletter_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_newsletter_id_newsletters_id_fk" FOREIGN KEY ("newsletter_id") REFERENCES "public"."newsletters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issues_newsletter_idx" ON "issues" USING btree ("newsletter_id");
