-- Deploy catalogue:books to pg
-- requires: authors

BEGIN;

CREATE TABLE catalogue.books (
    id        INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES catalogue.authors (id),
    title     TEXT    NOT NULL,
    isbn      CHAR(10),
    added     TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX books_author ON catalogue.books (author_id);

COMMIT;
