-- Deploy catalogue:isbn13 to pg
-- requires: books

BEGIN;

ALTER TABLE catalogue.books ALTER COLUMN isbn TYPE CHAR(13) USING '978' || isbn;

COMMIT;
