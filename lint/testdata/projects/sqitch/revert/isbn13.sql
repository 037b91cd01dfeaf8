-- Revert catalogue:isbn13 from pg

BEGIN;

ALTER TABLE catalogue.books ALTER COLUMN isbn TYPE CHAR(10) USING substr(isbn, 4);

COMMIT;
