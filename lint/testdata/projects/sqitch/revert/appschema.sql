-- Revert catalogue:appschema from pg

BEGIN;

DROP SCHEMA catalogue;

COMMIT;
