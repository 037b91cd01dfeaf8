BEGIN;
--
-- Add field language to course
--
ALTER TABLE "courses_course" ADD COLUMN "language" varchar(8) DEFAULT 'en' NOT NULL;
ALTER TABLE "courses_course" ALTER COLUMN "language" DROP DEFAULT;
COMMIT;
