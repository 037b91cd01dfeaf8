BEGIN;
--
-- Alter unique_together for enrolment (1 constraint(s))
--
ALTER TABLE "courses_enrolment" ADD CONSTRAINT "courses_enrolment_course_id_email_7be0bb56_uniq" UNIQUE ("course_id", "email");
COMMIT;
