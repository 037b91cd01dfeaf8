BEGIN;
CREATE OR REPLACE FUNCTION ferry.sail(boat integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$;
COMMIT;
