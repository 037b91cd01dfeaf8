BEGIN;
DROP TABLE ferry.manifest;
COMMIT;
