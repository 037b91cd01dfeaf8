-- Deploy catalogue:roles to pg
-- requires: appschema

\set ON_ERROR_STOP true

BEGIN;

GRANT USAGE ON SCHEMA catalogue TO desk;
GRANT SELECT, INSERT, UPDATE ON catalogue.loans TO desk;

COMMIT;
