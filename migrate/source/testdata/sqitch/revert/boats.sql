-- Revert ferry:boats from pg
BEGIN;
DROP TABLE ferry.boats;
COMMIT;
