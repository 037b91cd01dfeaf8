--
-- Concurrently create index enrolment_since_idx on field(s) since of model enrolment
--
CREATE INDEX CONCURRENTLY "enrolment_since_idx" ON "courses_enrolment" ("since");
