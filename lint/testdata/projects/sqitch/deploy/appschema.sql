-- Deploy catalogue:appschema to pg

BEGIN;

CREATE SCHEMA catalogue;

COMMIT;
