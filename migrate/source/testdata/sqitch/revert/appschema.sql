-- Revert ferry:appschema from pg

BEGIN;
DROP SCHEMA ferry;
COMMIT;
