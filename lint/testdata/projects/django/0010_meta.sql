BEGIN;
--
-- Change Meta options on lesson
--
-- (no-op)
COMMIT;
