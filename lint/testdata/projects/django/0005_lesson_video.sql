BEGIN;
--
-- Add field video_url to lesson
--
ALTER TABLE "courses_lesson" ADD COLUMN "video_url" varchar(200) NULL;
--
-- Alter field title on lesson
--
ALTER TABLE "courses_lesson" ALTER COLUMN "title" TYPE varchar(300);
COMMIT;
