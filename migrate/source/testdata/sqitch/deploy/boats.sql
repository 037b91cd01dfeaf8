-- Deploy ferry:boats to pg
-- requires: appschema
\set ON_ERROR_STOP on

BEGIN;
CREATE TABLE ferry.boats (
    id    integer PRIMARY KEY,
    name  text NOT NULL,
    berth text NOT NULL DEFAULT 'A'::text
);
COMMIT;
CREATE INDEX CONCURRENTLY boats_name ON ferry.boats (name);
