BEGIN;
--
-- Add field author to recipe
--
ALTER TABLE "kitchen_recipe" ADD COLUMN "author" varchar(80) DEFAULT '' NOT NULL;
ALTER TABLE "kitchen_recipe" ALTER COLUMN "author" DROP DEFAULT;
--
-- Raw Python operation
--
-- THIS OPERATION CANNOT BE WRITTEN AS SQL
COMMIT;
