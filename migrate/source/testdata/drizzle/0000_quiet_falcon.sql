CREATE TABLE IF NOT EXISTS "plants" (
	"id" serial PRIMARY KEY NOT NULL,
	"species" text NOT NULL,
	"watered_at" timestamp
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "pots" (
	"id" serial PRIMARY KEY NOT NULL,
	"plant_id" integer
);
--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "pots" ADD CONSTRAINT "pots_plant_id_fk" FOREIGN KEY ("plant_id") REFERENCES "plants"("id");
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
