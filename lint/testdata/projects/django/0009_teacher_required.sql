BEGIN;
--
-- Alter field teacher on course
--
SET CONSTRAINTS "courses_course_teacher_id_2d3dbb33_fk_courses_teacher_id" IMMEDIATE; ALTER TABLE "courses_course" DROP CONSTRAINT "courses_course_teacher_id_2d3dbb33_fk_courses_teacher_id";
ALTER TABLE "courses_course" ALTER COLUMN "teacher_id" SET NOT NULL;
ALTER TABLE "courses_course" ADD CONSTRAINT "courses_course_teacher_id_2d3dbb33_fk_courses_teacher_id" FOREIGN KEY ("teacher_id") REFERENCES "courses_teacher" ("id") DEFERRABLE INITIALLY DEFERRED;
COMMIT;
