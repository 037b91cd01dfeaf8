BEGIN;
DROP FUNCTION ferry.sail(integer);
COMMIT;
