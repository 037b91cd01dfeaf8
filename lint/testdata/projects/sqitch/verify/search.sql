-- Verify catalogue:search on pg

BEGIN;

SELECT 1/count(*) FROM pg_namespace WHERE nspname = 'catalogue';

ROLLBACK;
