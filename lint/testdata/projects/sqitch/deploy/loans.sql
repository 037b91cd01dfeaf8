-- Deploy catalogue:loans to pg
-- requires: books

BEGIN;

CREATE TABLE catalogue.loans (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id  INTEGER NOT NULL REFERENCES catalogue.books (id),
    reader   TEXT    NOT NULL,
    since    DATE    NOT NULL DEFAULT CURRENT_DATE,
    due      DATE    NOT NULL,
    returned DATE,
    CHECK (due >= since)
);

COMMIT;
