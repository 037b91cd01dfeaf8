-- Deploy ferry:sail to pg
-- requires: sail@v1.0.0
BEGIN;
CREATE OR REPLACE FUNCTION ferry.sail(boat integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT date_trunc('hour', now()) $$;
COMMIT;
