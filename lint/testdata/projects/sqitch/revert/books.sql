-- Revert catalogue:books from pg

BEGIN;

DROP TABLE catalogue.books;

COMMIT;
