-- Deploy catalogue:authors to pg
-- requires: appschema

BEGIN;

SET client_min_messages = 'warning';

CREATE TABLE catalogue.authors (
    id   INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT    NOT NULL,
    born INTEGER
);

COMMIT;
