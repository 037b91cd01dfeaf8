-- Deploy ferry:sail to pg
BEGIN;
CREATE FUNCTION ferry.sail(boat integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$;
COMMIT;
