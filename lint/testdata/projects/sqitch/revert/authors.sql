-- Revert catalogue:authors from pg

BEGIN;

DROP TABLE catalogue.authors;

COMMIT;
