-- Revert catalogue:search from pg

BEGIN;

DROP FUNCTION catalogue.search(TEXT);

COMMIT;
