BEGIN;
--
-- Rename field published on course to is_public
--
ALTER TABLE "courses_course" RENAME COLUMN "published" TO "is_public";
--
-- Remove field video_url from lesson
--
ALTER TABLE "courses_lesson" DROP COLUMN "video_url" CASCADE;
COMMIT;
