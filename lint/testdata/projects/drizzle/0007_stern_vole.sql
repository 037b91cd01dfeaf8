-- Custom SQL migration file, put your code below! --
CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "updated_at" timestamp with time zone;
--> statement-breakpoint
CREATE TRIGGER issues_touch BEFORE UPDATE ON "issues" FOR EACH ROW EXECUTE FUNCTION touch();
