-- Deploy ferry:appschema to pg

BEGIN;

CREATE SCHEMA ferry;

COMMIT;
